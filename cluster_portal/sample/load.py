"""Loads the sample cluster: organisations and people, every feed by the import that real files take, and the rounds."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

from celery import current_app
from django.contrib.auth.hashers import make_password
from django.core.files import File

from cluster_portal.sample import (
    CONTENT,
    FILES,
    SampleFile,
    activities,
    brand,
    call_searches,
    calls,
    ecosystem,
    exchange,
    outcomes,
    past,
    rounds,
    services,
    strategy,
    waves,
    written,
)
from members.actions.consents import give_consent
from members.actions.organisations import add_organisation
from members.actions.people import add_person
from members.models import Consent, Membership, Organisation, Profile, User
from opportunities import actions, filter_runs, imports
from opportunities.models import FilterShard, ImportRun, Opportunity, Source

PASSWORD = "havsbris-demo"  # noqa: S105 - the sample cluster's, printed by the command that loads it
SOURCE_NAMES = {
    "sedia.json": "EU Funding & Tenders Portal",
    "topics.jsonl": "EU topic list of the national contact point",
    "eforms/": "TED notices",
    "ted-standard/": "TED notices, older forms",
    "ted-search.json": "TED saved search: water and energy",
    "een-pod-v6.xml": "EEN weekly export",
    "een-pod.json": "EEN partnering database",
    "partners.csv": "Requests from partner clusters",
    "events.ics": "Events around the Baltic Sea",
    "news.xml": "Agency news",
    "tender-watch.csv": "Tender watch of the office",
    "een-letters.csv": "Letters of the EEN desk",
    "funding-letters.csv": "Letters about funding",
    "fairs.csv": "Fairs and missions of the partners",
}
FACTS = ("town", "nuts", "website", "headcount", "turnover_eur", "balance_eur", "founded")
PROFILE = {"nace": "nace_codes", "offers": "offers", "seeks": "seeks"}
# A manager has read most of the pile by now: one in six waits, one in eleven was put aside.
LEFT_IN_THE_INBOX, DISMISSED = 6, 11
# Most have agreed to be asked in surveys. At one company in seven nobody has.
NOT_AGREED = 7
NOTES = (
    "I know the people behind this. Call before you write; they decide fast.",
    "We can go with two members together. Tell me by Friday if you are in.",
    "The buyer held a meeting for suppliers last month. I have the slides.",
    "Small enough for a first project abroad. The partner desk helps with the papers.",
    "They ask for references. Our demonstration plant counts as one.",
)


def is_loaded() -> bool:
    """Whether there is a home cluster already."""
    return Organisation.objects.filter(is_home=True).exists()


def load(*, today: date, say: Callable[[str], None]) -> None:
    """Loads everything into an empty portal. `say` is told what is being done."""
    say("Members and their profiles")
    organisations()
    manager = User.objects.filter(memberships__role=Membership.Role.MANAGER).order_by("pk")[0]
    for sample in FILES:
        say(f"Feed: {SOURCE_NAMES[sample.name]}")
        read(sample, today, manager)
    say("Curation and the first filter run")
    curate(manager)
    past.load(by=manager, full_feeds=people_of_the_demo())
    filter_now()
    say("Matchmaking rounds")
    rounds.load(today=today, by=manager)
    say("Needs and services")
    services.load(by=manager)
    say("Funding calls")
    calls.load(today=today, by=manager)
    call_searches.load(by=manager)
    say("The strategy and what serves its goals")
    strategy.load(today=today, by=manager)
    strategy.cite(by=manager)
    say("Activities")
    activities.load(today=today, by=manager)
    say("The public pages")
    brand.load(by=manager)
    say("Partners, their pool and shortlists")
    ecosystem.load(by=manager)
    exchange.load(by=manager)
    say("What came of it")
    outcomes.load()
    say("Surveys")
    waves.load(by=manager)
    brand.report(by=manager)
    current_app.control.purge()  # what was asked of workers that were not there yet is done here


def people(content: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each person with the organisation that it belongs to, as the content files have them."""
    for row in content["organisation"]:
        others = calls.reviewers() if row["standing"] == "home" else []
        for person in [*row.get("people", []), *others]:
            yield row, person


def people_of_the_demo() -> list[str]:
    """The addresses of those whose sign-ins are printed."""
    return [person["email"] for _, person in people(members_content()) if "demo" in person]


def members_content() -> dict[str, Any]:
    """The content file of the members."""
    return tomllib.loads((CONTENT / "members.toml").read_text(encoding="utf-8"))


def organisations() -> None:
    """The organisations with their people and profiles."""
    content = members_content()
    for row in content["organisation"]:
        organisation = add_organisation(
            name=row["name"],
            kind=row["kind"],
            country=row["country"],
            by=None,
            is_home=row["standing"] == "home",
            is_member=row["standing"] == "member",
            **{name: row[name] for name in FACTS if name in row},
        )
        Profile.objects.filter(organisation=organisation).update(**_profile(row.get("profile", {})))
    by_name = {each.name: each for each in Organisation.objects.all()}
    hashed = make_password(PASSWORD)  # slow on purpose: once is enough for people who do not exist
    silent = {row["name"] for row in content["organisation"][::NOT_AGREED]}
    for row, person in people(content):
        asked = {"email": person["email"], "name": person["name"], "role": person["role"]}
        user = add_person(**asked, organisation=by_name[row["name"]], by=None)
        if "demo" in person:
            User.objects.filter(pk=user.pk).update(password=hashed)
        if row["standing"] == "member" and row["name"] not in silent:
            agreed = {"purpose": Consent.Purpose.SURVEYS, "how": Consent.How.INVITATION}
            give_consent(address=user.email, **agreed, by=user)


def _profile(told: dict[str, Any]) -> dict[str, Any]:
    values = {PROFILE.get(name, name): value for name, value in told.items()}
    return values | {name: "\n".join(values[name]) for name in ("offers", "seeks") if name in values}


def read(sample: SampleFile, today: date, manager: User) -> None:
    """One feed, through the import that an uploaded file takes."""
    name = SOURCE_NAMES[sample.name]
    source = actions.save_source(
        source=Source(name=name, slug=sample.name.strip("/").replace(".", "-"), format=sample.format), by=manager
    )
    for file_name, data in written(sample, today=today):
        run = imports.start(source=source, file=File(BytesIO(data)), file_name=file_name.replace("/", "-"), by=manager)
        imports.execute(run.pk)
        if ImportRun.objects.get(pk=run.pk).status != ImportRun.Status.DONE:
            raise RuntimeError(f"The sample file {file_name} could not be read.")


def curate(manager: User) -> None:
    """What a manager has done with the pile by now."""
    waiting = Opportunity.objects.filter(status=Opportunity.Status.INBOX).open().order_by("reference")
    for number, opportunity in enumerate(waiting):
        if number % DISMISSED == DISMISSED - 1:
            actions.dismiss(opportunity=opportunity, by=manager)
        elif number % LEFT_IN_THE_INBOX != LEFT_IN_THE_INBOX - 1:
            actions.publish(opportunity=opportunity, by=manager)
    filter_runs.refit()
    published = Opportunity.objects.published().open().order_by("reference")
    for number, opportunity in enumerate(published):
        if number % 9 == 0:
            note = NOTES[number // 9 % len(NOTES)]
            actions.curate(opportunity=opportunity, note=note, effort_hours=4 + number % 5 * 8, by=manager)


def filter_now() -> None:
    """Runs the filter here and now, over what has changed, as the workers would."""
    while run := filter_runs.filter_pending():
        for shard_id in FilterShard.objects.filter(run=run).values_list("pk", flat=True):
            filter_runs.execute_shard(shard_id)
