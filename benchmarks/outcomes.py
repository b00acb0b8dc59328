"""Time of gathering outcomes and journeys, and of each page of them, on servers and a database of their own.

    python benchmarks/outcomes.py [--members 2000] [--outcomes 100000] [--pairs 200000]

Members, opportunities, showings, answers and outcomes are made up by chance from one seed. Each page is asked for three
times by a signed-in manager; the median is printed.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
RUN_DIR = tempfile.mkdtemp(prefix="outcomes-")
os.environ |= {"PORTAL_RUN_DIR": RUN_DIR, "DJANGO_SETTINGS_MODULE": "cluster_portal.settings"}

import django

django.setup()

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from core.embedded import Services
from core.ladder import Rung
from evaluations import outcomes
from evaluations.models import Outcome
from members.models import Membership, Organisation, User
from opportunities.models import Feedback, Opportunity, Showing, Source

PAGES = (
    "outcomes/",
    "outcomes/?source=interest&size=small",
    "outcomes/list/",
    "funnel/",
    *(f"funnel/?by={by}&period=all" for by in ("kind", "reason", "size", "rank")),
    "worklist/",
    "engaged/",
)
DAYS = 500


def timed(what: str, work: Callable[[], object]) -> None:
    """Do it, and print the seconds by the clock."""
    started = time.perf_counter()
    work()
    print(f"{what:44}{time.perf_counter() - started:10.3f} s")


def load(chance: random.Random, *, members: int, pairs: int, told: int) -> User:
    """The made-up cluster; returns its manager."""
    home = Organisation.objects.create(name="Home", slug="home", kind="cluster", is_home=True, is_member=False)
    manager = User.objects.create(email="manager@home.example", name="Manager")
    Membership.objects.create(user=manager, organisation=home, role=Membership.Role.MANAGER)
    rows = [
        Organisation(name=f"Member {n}", slug=f"m{n}", country="SE", headcount=chance.choice((3, 20, 90, 400)))
        for n in range(members)
    ]
    firms = Organisation.objects.bulk_create(rows, batch_size=1000)
    sources = [Source.objects.create(name=f"Source {n}", slug=f"s{n}", format="csv") for n in range(12)]
    items = Opportunity.objects.bulk_create(
        Opportunity(
            source=chance.choice(sources),
            kind=chance.choice(Opportunity.Kind.values),
            reference=f"o{n}",
            title=f"Opportunity {n}",
            countries=[chance.choice(("SE", "EE", "FI"))],
            status="published",
            content_hash=str(n),
        )
        for n in range(5000)
    )
    _pairs(chance, firms, items, pairs, told)
    return manager


def _pairs(chance: random.Random, firms: list[Organisation], items: list[Opportunity], pairs: int, told: int) -> None:
    now = timezone.now()
    seen = {(chance.choice(firms).pk, chance.choice(items).pk) for _ in range(pairs)}
    shown, said, came = [], [], []
    for firm, item in sorted(seen):
        at, of = now - timedelta(days=chance.random() * DAYS), {"organisation_id": firm, "opportunity_id": item}
        reasons = [chance.choice(("shared_words", "target_market", "offer_meets_want"))]
        rank = chance.randint(1, 5)
        first = {"first_at": at, "first_rank": rank, "first_reasons": reasons}
        last = {"last_at": at, "last_rank": rank, "last_reasons": reasons}
        shown.append(Showing(**of, channel="feed", **first, **last))
        if chance.random() < 0.5:
            said.append(Feedback(**of, kind="opened", at=at))
        if len(came) < told and chance.random() < 0.6:
            said.append(Feedback(**of, kind="interested", at=at))
            key = f"interest:{firm}:{item}"
            told_on = (at + timedelta(days=92)).date()
            came.append(
                Outcome(**of, source="interest", source_key=key, months=3, rung=chance.choice(Rung.values),
                        size_class="small", told_on=told_on)
            )  # fmt: skip
    for rows in (shown, said, came):
        type(rows[0]).objects.bulk_create(rows, batch_size=5000)
    print(f"{len(firms)} members, {len(shown)} pairs, {len(came)} outcomes")


def main() -> None:
    """Makes the cluster, gathers, and asks for the pages."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--outcomes", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=200_000)
    options = parser.parse_args()
    with Services(Path(RUN_DIR), quick_and_unsafe=True):
        call_command("migrate", verbosity=0)
        chance = random.Random(1)
        manager = load(chance, members=options.members, pairs=options.pairs, told=options.outcomes)
        timed("gathering for the first time", outcomes.gather)
        timed("gathering again, nothing new", outcomes.gather)
        client = Client(headers={"host": "localhost"})
        client.force_login(manager)
        for page in PAGES:
            client.get(f"/evaluations/{page}", secure=True)
            took = []
            for _ in range(3):
                started = time.perf_counter()
                status = client.get(f"/evaluations/{page}", secure=True).status_code
                took.append(time.perf_counter() - started)
            print(f"{page:44}{1000 * median(took):7.0f} ms  ({status})")


if __name__ == "__main__":
    main()
