"""Search that knows no accents, records by format, and the order of the inbox as an index."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models

MAKE_CONFIG = """
CREATE TEXT SEARCH CONFIGURATION portal_english (COPY = english);
ALTER TEXT SEARCH CONFIGURATION portal_english
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""
# A record read before its format was kept is known again by the format of the import that read it last.
FORMAT_OF_THE_IMPORT = """
UPDATE opportunities_sourcerecord AS record SET format = run.format
FROM opportunities_importrun AS run WHERE run.id = record.import_run_id;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_extensions"), ("opportunities", "0001_opportunities")]

    operations = [
        migrations.RunSQL(MAKE_CONFIG, "DROP TEXT SEARCH CONFIGURATION portal_english"),
        migrations.RemoveIndex("opportunity", "opportunity_search"),
        migrations.RemoveField("opportunity", "search"),
        migrations.AddField(
            "opportunity",
            "search",
            models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.SearchVector("title", config="portal_english", weight="A"),
                        "||",
                        django.contrib.postgres.search.SearchVector(
                            "summary", "organisation", config="portal_english", weight="B"
                        ),
                        django.contrib.postgres.search.SearchConfig("portal_english"),
                    ),
                    "||",
                    django.contrib.postgres.search.SearchVector(
                        django.db.models.functions.text.Left("description", 100000), config="portal_english", weight="C"
                    ),
                    django.contrib.postgres.search.SearchConfig("portal_english"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "opportunity", django.contrib.postgres.indexes.GinIndex(fields=["search"], name="opportunity_search")
        ),
        migrations.AddIndex(
            "opportunity",
            models.Index(
                "status",
                models.OrderBy(models.F("fits"), descending=True, nulls_last=True),
                "deadline",
                "id",
                name="opportunity_by_fits",
            ),
        ),
        migrations.RemoveConstraint("sourcerecord", "one_record_of_a_source"),
        migrations.AddField(
            "sourcerecord",
            "format",
            models.CharField(
                choices=[
                    ("auto", "Find out by itself"),
                    ("sedia", "EU Funding & Tenders, search page"),
                    ("topics", "EU Funding & Tenders, topic lines"),
                    ("ted-search", "TED, search page"),
                    ("eforms", "TED, eForms notice"),
                    ("ted-standard", "TED, standard form"),
                    ("een-pod-v6", "Enterprise Europe Network, POD v6"),
                    ("een-pod", "Enterprise Europe Network, POD"),
                    ("rss", "RSS or Atom"),
                    ("ical", "Calendar (iCal)"),
                    ("csv", "Table (CSV or XLSX)"),
                ],
                default="",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FORMAT_OF_THE_IMPORT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "sourcerecord",
            models.UniqueConstraint(fields=("source", "format", "external_id"), name="one_record_of_a_source"),
        ),
        migrations.RemoveConstraint("refusedrecord", "one_refusal_a_position"),
        migrations.AddIndex(
            "refusedrecord", models.Index(fields=["import_run", "position"], name="refusal_position")
        ),
    ]
