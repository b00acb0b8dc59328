"""The sample's partners: offers, agreements, contacts, a pool, and shortlists in different states."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cluster_portal.sample import CONTENT
from cluster_portal.sample.call_applications import owner_of
from core.models import Mail
from ecosystem.actions import cards, partners, pool, shortlists
from ecosystem.models import Partnership, SharedOpportunity, Shortlist, ShortlistCard
from members.models import Organisation, User
from opportunities.models import Opportunity
from programme.models import Activity

Told = Mapping[str, Any]
# How far on the way each state lies; what a card has behind it is done by the actions, in this order.
WAY = ("draft", "asked", "consented", "shown", "interested", "revealed")
ASKED, ANSWERED = timedelta(days=24), timedelta(days=20, hours=5)
SHOWN, REVEALED = timedelta(days=15), timedelta(days=11, hours=3)


@transaction.atomic
def load(*, by: User) -> None:
    """All of it. Nobody is written to: these people do not exist."""
    content = tomllib.loads((CONTENT / "ecosystem.toml").read_text(encoding="utf-8"))
    for told in content["partner"]:
        found = _partner(told, by)
        _share(found, told, by)
    for told in content["proposal"]:
        _propose(told)
    for told in content["shortlist"]:
        _shortlist(told, by)
    Mail.objects.filter(status=Mail.Status.QUEUED).update(status=Mail.Status.SENT, sent_at=timezone.now())


def _partner(told: Told, by: User) -> Partnership:
    organisation, today = Organisation.objects.get(name=told["name"]), timezone.localdate()
    found = partners.add_partner(organisation=organisation, by=by)
    facts = ("status", "offers", "words", "markets", "sectors", "pool_mail")
    partners.change_partner(partnership=found, by=by, **{name: told[name] for name in facts})
    for row in told.get("agreement", []):
        until = today + timedelta(days=row["until"]) if "until" in row else None
        days = {"signed_on": today + timedelta(days=row["signed"]), "valid_until": until}
        words = {"title": row["title"], "kind": row["kind"], "text": row["text"], "url": row.get("url", "")}
        partners.save_agreement(partnership=found, by=by, **days, **words)
    for row in told["contact"]:
        partners.save_contact(partnership=found, by=by, **row)
    found.refresh_from_db()
    return found


def _share(found: Partnership, told: Told, by: User) -> None:
    """Requests that nobody else has in its pool, the best first."""
    free = Opportunity.objects.published().open().filter(kind="partnering", shared_with=None)
    requests = list(free.search(told["about"])[: told["shared"]])
    note = "Could be for one of your companies: they have time, and a first customer waits."
    for request in requests:
        pool.share(opportunity=request, partners=[found], note=note, by=by)
    if sentence := told.get("interested"):
        shared = SharedOpportunity.objects.get(partnership=found, opportunity=requests[0])
        pool.answer(shared=shared, interested=True, sentence=sentence, by=owner_of(found.organisation))


def _propose(told: Told) -> None:
    found = Partnership.objects.select_related("organisation").get(organisation__name=told["partner"])
    words = {name: told[name] for name in ("kind", "title", "summary", "organisation", "country")}
    deadline = timezone.localdate() + timedelta(days=told["days"])
    pool.bring_in(partnership=found, by=owner_of(found.organisation), deadline=deadline.isoformat(), **words)


def _shortlist(told: Told, by: User) -> None:
    partnership = Partnership.objects.select_related("organisation").get(organisation__name=told["partner"])
    shortlist = shortlists.add_shortlist(
        partnership=partnership,
        title=told["title"],
        seeks=told["seeks"],
        until=timezone.localdate() + timedelta(days=told["until"]),
        activity=Activity.objects.filter(name=told.get("activity")).first(),
        by=by,
    )
    asked = [row for row in told["card"] if row["state"] != "draft"]
    for row in asked:
        _put_on(shortlist, row, by)
    shortlists.ask(shortlist=shortlist, by=by)
    for row in told["card"]:
        if row["state"] == "draft":
            _put_on(shortlist, row, by)
    _answer(shortlist, asked, by)
    _date(shortlist, timedelta(days=told.get("ago", 0)))


def _put_on(shortlist: Shortlist, row: Told, by: User) -> None:
    organisation = Organisation.objects.get(name=row["member"])
    shortlists.put_on(shortlist=shortlist, organisations=[organisation], by=by)
    card = shortlist.cards.get(organisation=organisation)
    offers, seeks = ("\n".join(row[name]) for name in ("offers", "seeks"))
    shortlists.write_card(card=card, offers=offers, seeks=seeks, with_region=False, by=by)


def _answer(shortlist: Shortlist, asked: list[Told], by: User) -> None:
    """What companies say; then what is shown; then those who agreed after that."""
    late = [row for row in asked if row["state"] == "consented"]
    for row in asked:
        card = shortlist.cards.for_page().get(organisation__name=row["member"])
        if row["state"] == "declined":
            cards.decline(card=card, by=owner_of(card.organisation))
        elif _is_at_least(row, "shown"):
            cards.agree(card=card, fields=row["fields"], by=owner_of(card.organisation))
    shortlists.show(shortlist=shortlist, by=by)
    for row in asked:
        card = shortlist.cards.for_page().get(organisation__name=row["member"])
        if row in late:
            cards.agree(card=card, fields=row["fields"], by=owner_of(card.organisation))
        if _is_at_least(row, "interested"):
            cards.say_interest(card=card, interested=True, by=owner_of(shortlist.partnership.organisation))
        if _is_at_least(row, "revealed"):
            cards.introduce(card=card, by=by)
        if row.get("outcome"):
            cards.note_outcome(card=card, outcome=row["outcome"], note=row["note"], by=by)


def _is_at_least(row: Told, state: str) -> bool:
    return row["state"] in WAY and WAY.index(row["state"]) >= WAY.index(state)


def _date(shortlist: Shortlist, ago: timedelta) -> None:
    """As if it had been done over some weeks, which ended so long ago."""
    now = timezone.now() - ago
    Shortlist.objects.filter(pk=shortlist.pk).update(created_at=now - ASKED)
    Shortlist.objects.filter(pk=shortlist.pk, shown_at__isnull=False).update(shown_at=now - SHOWN)
    ShortlistCard.objects.filter(shortlist=shortlist, asked_at__isnull=False).update(asked_at=now - ASKED)
    ShortlistCard.objects.filter(shortlist=shortlist, answered_at__isnull=False).update(answered_at=now - ANSWERED)
    ShortlistCard.objects.filter(shortlist=shortlist, revealed_at__isnull=False).update(revealed_at=now - REVEALED)
    if ago:
        Shortlist.objects.filter(pk=shortlist.pk).update(until=timezone.localdate(now), status=Shortlist.Status.CLOSED)
        noted = ShortlistCard.objects.filter(shortlist=shortlist, outcome_at__isnull=False)
        noted.update(outcome_at=now)
