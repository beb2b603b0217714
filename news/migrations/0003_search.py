"""The folded words of every report, and the index over them that the database keeps."""

import django.db.models.deletion
from django.db import migrations, models

from news.search_index import folded

CONFIGURATION = (
    "CASE language WHEN 'ru' THEN 'russian'::regconfig WHEN 'en' THEN 'english'::regconfig ELSE 'simple'::regconfig END"
)
ADD = """
    INSERT INTO news_searchindex (rowid, title, lead, body) VALUES (new.report_id, new.title, new.lead, new.body)
"""
REMOVE = """
    INSERT INTO news_searchindex (news_searchindex, rowid, title, lead, body)
    VALUES ('delete', old.report_id, old.title, old.lead, old.body)
"""

FORWARD = {
    # PostgreSQL has no dictionary for Tajik: its words are indexed as they are.
    "postgresql": [
        f"""
        ALTER TABLE news_searchentry
        ADD COLUMN title_vector tsvector GENERATED ALWAYS AS (to_tsvector({CONFIGURATION}, title)) STORED,
        ADD COLUMN vector tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector({CONFIGURATION}, title), 'A')
            || setweight(to_tsvector({CONFIGURATION}, lead), 'B')
            || setweight(to_tsvector({CONFIGURATION}, body), 'D')
        ) STORED
        """,
        # Inside the row: each match is weighed by it, and the planner sees what reading every row would cost.
        "ALTER TABLE news_searchentry ALTER COLUMN vector SET STORAGE MAIN",
        "CREATE INDEX news_searchentry_title_vector ON news_searchentry USING gin (title_vector)",
        "CREATE INDEX news_searchentry_vector ON news_searchentry USING gin (vector)",
    ],
    # The porter tokenizer stems English and leaves Cyrillic as it is. Who changes the entries' table later must
    # make the triggers again: SQLite rebuilds a changed table without them.
    "sqlite": [
        """
        CREATE VIRTUAL TABLE news_searchindex USING fts5(
            title, lead, body, content='news_searchentry', content_rowid='report_id',
            tokenize='porter unicode61 remove_diacritics 0'
        )
        """,
        f"CREATE TRIGGER news_searchentry_added AFTER INSERT ON news_searchentry BEGIN {ADD}; END",
        f"CREATE TRIGGER news_searchentry_removed AFTER DELETE ON news_searchentry BEGIN {REMOVE}; END",
        f"CREATE TRIGGER news_searchentry_changed AFTER UPDATE ON news_searchentry BEGIN {REMOVE}; {ADD}; END",
    ],
}
# What stands on the entries' table goes with it.
BACKWARD = {"postgresql": [], "sqlite": ["DROP TABLE news_searchindex"]}


def make_index(apps, schema_editor):
    for statement in FORWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    for statement in BACKWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def fill(apps, schema_editor):
    """Write the entries of the reports that are there already."""
    entry = apps.get_model("news", "SearchEntry")
    rows = apps.get_model("news", "Report").objects.values_list("pk", "language", "title", "lead", "body")
    batch = []
    for pk, language, *texts in rows.iterator(chunk_size=200):
        batch.append(entry(report_id=pk, language=language, **folded(*texts)))
        if len(batch) == 200:
            entry.objects.bulk_create(batch)
            batch = []
    entry.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("news", "0002_roles")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="news.report",
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("title", models.TextField()),
                ("lead", models.TextField()),
                ("body", models.TextField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
