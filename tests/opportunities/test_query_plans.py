"""What a page asks of a large table is answered from an index: the database's own plan says so."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from opportunities.models import Opportunity
from tests.factories.opportunities import SourceFactory

TABLE = "opportunities_opportunity"
STATES = {"published": 3000, "inbox": 500, "dismissed": 1500}
INBOX, LIST = reverse("opportunities:inbox"), reverse("opportunities:list")


@pytest.fixture
def years_of_scouting(db) -> None:
    """Five thousand opportunities, most of them published; few of them speak of nitrate."""
    source, now = SourceFactory(), timezone.now()
    states = [state for state, times in STATES.items() for _ in range(times)]
    Opportunity.objects.bulk_create(
        Opportunity(
            source=source,
            reference=f"eu-topic-{number}",
            kind="funding",
            title=f"{'Nitrate sensors' if number % 300 == 0 else 'Timber robots'}, topic {number}",
            status=state,
            fits=number % 40,
            deadline=now + timedelta(days=number % 90, hours=1),
            closes_at=now + timedelta(days=number % 90, hours=1),
            created_at=now - timedelta(minutes=number),
            content_hash=str(number),
        )
        for number, state in enumerate(states)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('opportunity_search')")  # as VACUUM does, sooner or later
        cursor.execute(f"ANALYZE {TABLE}")


def nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def scans(sql: str) -> set[str]:
    """How the plan reads the table: by which index, or "all of it"."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()
    found = nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    reads = [node for node in found if node.get("Relation Name") == TABLE or node["Node Type"] == "Bitmap Index Scan"]
    return {
        node.get("Index Name", "all of it")
        for node in reads
        if node["Node Type"] != "Bitmap Heap Scan"  # what an index below it has found
    }


PAGES = {
    LIST: "opportunity_by_day",
    f"{LIST}?q=nitrate": "opportunity_search",
    INBOX: "opportunity_by_fits",
    f"{INBOX}?order=deadline": "opportunity_by_day",
    f"{INBOX}?order=newest": "opportunity_by_arrival",
}


def test_rows_of_a_page_are_read_from_an_index(years_of_scouting, sign_in, manager):
    """Counting most of a table reads most of it; the rows of a page must not."""
    client, used = sign_in(manager), {}
    for path in PAGES:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        rows = [query["sql"] for query in queries if f'FROM "{TABLE}"' in query["sql"] and " LIMIT " in query["sql"]]
        used[path] = set().union(*map(scans, rows))

    assert [path for path in PAGES if "all of it" in used[path]] == []
    assert {path: index for path, index in PAGES.items() if index not in used[path]} == {}
