"""A large archive, made by the database itself in seconds: 34,500 events, three reports of each but a few."""

from django.db import connection

EVENTS = 34_500
# Every event has one section and one topic, half of them a second topic. The rare topic has three events, old ones.
MAKE = f"""
INSERT INTO news_category (slug, name_tg, name_ru, name_en, position)
    SELECT 'section-' || n, 'c' || n, 'c' || n, 'c' || n, n FROM generate_series(1, 8) n;
INSERT INTO news_topic (slug, name_tg, name_ru, name_en, visit)
    SELECT 'topic-' || n, 't' || n, 't' || n, 't' || n, n % 10 = 0 FROM generate_series(1, 100) n;
INSERT INTO news_topic (slug, name_tg, name_ru, name_en, visit) VALUES ('rare', 'r', 'r', 'r', false);
INSERT INTO news_place (slug, name_tg, name_ru, name_en)
    SELECT 'place-' || n, 'p' || n, 'p' || n, 'p' || n FROM generate_series(1, 60) n;
INSERT INTO news_place (slug, name_tg, name_ru, name_en) VALUES ('rare', 'r', 'r', 'r');

-- Three a day, several of them in the same minute; the last ones are under embargo.
INSERT INTO news_event (starts_at, place_id, embargo_until, languages_note, created_at, updated_at)
    SELECT date_trunc('hour', now()) - interval '8 hours' * ({EVENTS} - n),
        (SELECT id FROM news_place WHERE slug = CASE
            WHEN n IN (503, 9003, 20003) THEN 'rare' WHEN n % 2 = 0 THEN 'place-1' ELSE 'place-' || 1 + n % 60 END),
        CASE WHEN n > {EVENTS} - 3 THEN now() + interval '1 day' END, '', now(), now()
    FROM generate_series(1, {EVENTS}) n;
CREATE TEMPORARY TABLE made AS SELECT id, starts_at, row_number() OVER (ORDER BY starts_at) n FROM news_event;
INSERT INTO news_event_categories (event_id, category_id)
    SELECT made.id, category.id FROM made JOIN news_category category
    ON category.slug = 'section-' || CASE WHEN n % 5 < 2 THEN 1 ELSE 1 + n % 7 END;
INSERT INTO news_event_topics (event_id, topic_id)
    SELECT made.id, topic.id FROM made JOIN news_topic topic ON topic.slug = 'topic-' || 1 + n % 97;
INSERT INTO news_event_topics (event_id, topic_id)
    SELECT made.id, topic.id FROM made JOIN news_topic topic ON topic.slug = 'topic-100' WHERE n % 2 = 0;
INSERT INTO news_event_topics (event_id, topic_id)
    SELECT made.id, topic.id FROM made JOIN news_topic topic ON topic.slug = 'rare' WHERE n IN (503, 9003, 20003);
INSERT INTO news_photo (event_id, token, image, width, height, position, caption_tg, caption_ru, caption_en,
        alt_tg, alt_ru, alt_en, decorative, credit, digest, focal_x, focal_y, ready)
    SELECT id, 'photo-' || n || '-' || place, 'p.jpg', 1600, 1000, place, 'c', '', '', '', '', '', false, '', '',
        50, 50, true
    FROM made, generate_series(0, 2) place WHERE n % 10 > 0;
INSERT INTO news_video (event_id, token, file, url, megabytes, title_tg, title_ru, title_en, position)
    SELECT id, 'video-' || n, '', 'https://example.org/film', 1, 'v', '', '', 0 FROM made WHERE n % 400 = 3;

-- As wide as real rows, or the planner would rather read whole tables. English lacks every tenth event; two of a hundred are drafts or withdrawn.
INSERT INTO news_report (event_id, language, title, slug, lead, body, status, published_at, corrections, digest,
        source_digest, urgent_reason, revision, created_at, updated_at)
    SELECT id, code, 'Report ' || n || ' visit', 'report-' || n, 'A lead',
        '<p>' || (SELECT string_agg(md5(n::text || part), ' ') FROM generate_series(1, 40) part) || '</p>',
        CASE WHEN n % 100 = 0 THEN 'draft' WHEN n % 100 = 1 THEN 'withdrawn' ELSE 'published' END, starts_at,
        '[]', '', '', '', 1, starts_at, starts_at
    FROM made, unnest(ARRAY['tg', 'ru', 'en']) code WHERE code <> 'en' OR n % 10 > 0;
INSERT INTO news_searchentry (report_id, language, title, lead, body)
    SELECT report.id, language, 'report' || CASE WHEN n % 20 = 7 THEN ' visit' ELSE '' END || CASE WHEN n % 5000 = 7 THEN ' singular' ELSE '' END, 'a lead',
        repeat('words of the text ', 20) || 'number' || n % 1000
    FROM news_report report JOIN made ON made.id = report.event_id;
DROP TABLE made;
"""
TABLES = (
    "news_category news_topic news_place news_event news_event_categories news_event_topics news_photo news_video "
    "news_report news_searchentry"
).split()


def build() -> None:
    with connection.cursor() as cursor:
        cursor.execute(MAKE)
        # Of all rows, not of a sample: the planner sees the same each time.
        cursor.execute("SET default_statistics_target = 1000")
        for table in TABLES:
            # In the indexes, too: of few dead entries VACUUM takes no notice, and a plan would count what earlier tests left.
            cursor.execute(f"VACUUM (ANALYZE, INDEX_CLEANUP ON) {table}")


def remove() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
