"""A large register of appeals, made by the database itself in seconds; the boxes hold nothing."""

from django.contrib.auth.models import User
from django.db import connection

from appeals.models import Department, Topic
from tests.intruder import owning_the_database

APPEALS = 100_000
# One of twelve is open, the youngest ones; a few of the older ones are, too.
MAKE = """
INSERT INTO appeals_appeal (number, tracking_hash, digest, language, applicant, kind, region, status, verdict, grounds,
    notes, crime, policy_version, received_at, registered_at, due_on, sealed_key, box, ended_at, office_key_id,
    paused_at, sealed_to_code, journal_head, wait_until, held, channel, indexed_with, network_mark, officer_id,
    prepared_by_id, revision, truth_refuted, department_id, topic_id)
SELECT to_char(received, 'YYYY') || '-' || lpad(n::text, 6, '0'), lpad(n::text, 64, '0'), repeat('0', 64),
    (ARRAY['tg', 'ru'])[1 + n %% 2], 'individual',
    (ARRAY['application', 'request', 'proposal', 'complaint'])[1 + n %% 4],
    (ARRAY['TJ-DU', 'TJ-SU', 'TJ-KT', 'TJ-GB', 'TJ-RA'])[1 + n %% 5], status,
    CASE WHEN n %% 10 = 0 THEN 'for_officer' ELSE 'examined' END, '[]', '[]',
    CASE WHEN n %% 100 = 7 THEN 'claimed' ELSE 'not_claimed' END, '1', received,
    CASE WHEN status <> 'received' THEN received END,
    CASE WHEN status <> 'received' THEN (received + interval '30 days')::date END,
    repeat('0', 100)::bytea, decode(repeat(md5(n::text), 35), 'hex'),
    CASE WHEN status IN ('answered', 'not_examined', 'withdrawn') THEN received + interval '20 days' END, '',
    CASE WHEN status = 'waiting' THEN received END, '', '',
    CASE WHEN status = 'waiting' THEN current_date + n %% 10 - 5 END,
    CASE WHEN status = 'received' AND n %% 30 = 0 THEN 'haste' ELSE '' END, 'site', '', '',
    CASE WHEN status <> 'received' AND n %% 10 <> 1 THEN %(officer)s + n %% 40 END,
    CASE WHEN status = 'registered' AND n %% 40 = 3 THEN %(officer)s + n %% 40 END, 0, false,
    CASE WHEN status <> 'received' AND n %% 10 <> 2 THEN %(department)s + n %% 8 END, %(topic)s + n %% 8
FROM (SELECT n, now() - interval '20 minutes' * (%(appeals)s - n) received,
        CASE WHEN n > %(appeals)s * 0.92 OR n %% 500 = 3
            THEN (ARRAY['received', 'registered', 'registered', 'registered', 'waiting', 'forwarded'])[1 + n / 7 %% 6]
            ELSE (ARRAY['answered', 'answered', 'answered', 'answered', 'not_examined', 'withdrawn', 'joined'])
                [1 + n / 7 %% 7] END status
    FROM generate_series(1, %(appeals)s) n) made;
INSERT INTO appeals_journalentry (appeal_id, at, action, detail, hash, previous_hash, actor_id)
    SELECT id, received_at, step, '{}', md5(id || step), CASE step WHEN 'received' THEN '' ELSE md5(id::text) END,
        CASE step WHEN 'opened' THEN officer_id END
    FROM appeals_appeal, unnest(ARRAY['received', 'opened']) step;
INSERT INTO appeals_message (appeal_id, author, kind, at, box)
    SELECT id, 'applicant', 'added', received_at, '' FROM appeals_appeal WHERE id %% 3 = 0;
"""
TABLES = ("appeals_appeal", "appeals_journalentry", "appeals_message")


def build() -> None:
    users = User.objects.bulk_create(User(username=f"officer{n}", is_staff=True) for n in range(40))
    names = [{"name_tg": f"plan{n}", "name_ru": f"plan{n}", "name_en": f"plan{n}"} for n in range(8)]
    departments = Department.objects.bulk_create(Department(**name) for name in names)
    topics = Topic.objects.bulk_create(Topic(**name) for name in names)
    for number, user in enumerate(users):
        departments[number % 8].members.add(user)
    values = {"officer": users[0].pk, "department": departments[0].pk, "topic": topics[0].pk, "appeals": APPEALS}
    with connection.cursor() as cursor:
        cursor.execute(MAKE, values)
        # Of all rows, not of a sample: the planner sees the same each time.
        cursor.execute("SET default_statistics_target = 1000")
        for table in TABLES:
            # In the indexes, too: of few dead entries VACUUM takes no notice, and a plan would count what earlier tests left.
            cursor.execute(f"VACUUM (ANALYZE, INDEX_CLEANUP ON) {table}")


def remove() -> None:
    with owning_the_database(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    Department.objects.filter(name_tg__startswith="plan").delete()
    Topic.objects.filter(name_tg__startswith="plan").delete()
    User.objects.filter(username__startswith="officer").delete()
