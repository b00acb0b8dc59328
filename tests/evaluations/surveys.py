"""A cluster that can be asked, a wave that runs, and what a page of answers sends."""

import json
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.models import Mail
from evaluations import links, writing
from evaluations.actions import waves
from evaluations.instrument import as_data, shipped
from evaluations.models import Invitee, Wave
from members.models import Organisation, User
from tests.factories.evaluations import InviteeFactory, VersionFactory, WaveFactory
from tests.factories.members import ConsentFactory, MembershipFactory, OrganisationFactory, UserFactory

CONTENT = as_data(shipped()["t1"])
HELPED = ("market_information", "knowledge", "markets", "contacts", "visibility", "funding")
WHOLE: dict[str, Any] = {
    "q-size_class": "small",
    "q-barriers": ["time", "money"],
    **{f"q-helped-{row}": "much" for row in HELPED},
    "q-role": ["scout"],
    "q-results": ["contact"],
}
ANSWERS: dict[str, Any] = {
    "size_class": "small",
    "barriers": ["time", "money"],
    "helped": dict.fromkeys(HELPED, "much"),
    "role": ["scout"],
    "results": ["contact"],
}


def member(*, agrees: bool = True, person: str = "", **facts: object) -> Organisation:
    """A member company with an owner, who has agreed to be asked or has not."""
    company = OrganisationFactory(**facts)
    user = UserFactory(name=person or f"Owner of {company.name}")
    MembershipFactory(organisation=company, user=user)
    if agrees:
        ConsentFactory(address=user.email)
    return company


def planned(**facts: object) -> Wave:
    """A wave that asks T1 and is not open yet."""
    version = VersionFactory(content=CONTENT)
    return WaveFactory(**{"planned": True, "version": version, **facts})


def opened(by: User, *, companies: int = 6, **facts: object) -> Wave:
    """A wave that runs, with its mails written."""
    for _ in range(companies):
        member()
    wave = planned(**facts)
    waves.open_wave(wave=wave, by=by)
    writing.send_due()
    wave.refresh_from_db()
    return wave


def back_in_time(wave: Wave, *, days: int) -> None:
    """As if the wave had been opened, and its mails written, so many days ago."""
    ago = timezone.now() - timedelta(days=days)
    Wave.objects.filter(pk=wave.pk).update(opened_at=ago)
    Mail.objects.filter(key__startswith="survey:").update(created_at=ago)
    wave.refresh_from_db()


def url(invitee: Invitee, name: str = "answer") -> str:
    return reverse(f"evaluations:{name}", args=[links.token_of(invitee)])


def seen(response: HttpResponse) -> str:
    """What the page carries along: the answers that it was sent with."""
    return html.document_fromstring(response.content).xpath("//input[@name='seen']/@value")[0]


def ticked(response: HttpResponse) -> dict[str, list[str]]:
    """The answers that a page shows as given."""
    found: dict[str, list[str]] = {}
    for control in html.document_fromstring(response.content).xpath("//input[@checked][starts-with(@name, 'q-')]"):
        found.setdefault(control.get("name"), []).append(control.get("value"))
    return found


def hand_in(client, invitee: Invitee, **changes: object) -> HttpResponse:
    """A whole page of answers, handed in."""
    return client.post(url(invitee), WHOLE | {"seen": json.dumps({}), "hand_in": "1"} | changes)


def pages_of_surveys() -> list[tuple[str, str]]:
    """Every page of a wave that is planned, of one that runs and of one that is over, and those of a link."""
    version = VersionFactory(content=CONTENT)
    being_planned, running = planned(version=version), WaveFactory(version=version)
    invitee, done = InviteeFactory(wave=running), InviteeFactory(wave=running, has_answered=True)
    over = WaveFactory(version=version, closed=True)
    of_waves = [
        (f"evaluations:{name}", reverse(f"evaluations:{name}", args=[wave.slug]))
        for wave in (being_planned, running, over)
        for name in ("wave", "wave_people", "edit_wave")
    ]
    of_links = [(f"evaluations:{name}", url(each, name)) for each in (invitee, done) for name in ("answer", "decline")]
    return [*of_waves, *of_links, ("evaluations:thanks", url(done, "thanks"))]
