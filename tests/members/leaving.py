"""What is left of somebody: the whole database, read as text."""

from django.db import connection


def everything_in_the_database() -> str:
    """All rows of all our tables as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'django_content%'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - a name from the catalogue
            rows += [f"{table}: {row[0]}" for row in cursor.fetchall()]
    return "\n".join(rows)
