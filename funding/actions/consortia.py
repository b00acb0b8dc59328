"""From a partner search to an application, or to a sheet and a word on what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding.actions import applications, partners
from funding.actions.searches import locked
from funding.models import Application, FundingCall, PartnerSearch, SearchReply, TopicOfCall
from funding.permissions import can_apply_for, can_look_for_partners, can_run_calls
from members.models import User
from members.permissions import can_answer_for, insist
from opportunities.models import Opportunity


@dataclass(frozen=True, slots=True)
class Started:
    """The application, and why somebody could not be put into it: one sentence each."""

    application: Application
    left_out: list[str] = field(default_factory=list)


@transaction.atomic
def link_to_call(*, topic: Opportunity, call: FundingCall | None, by: User) -> None:
    """Says which call of the portal a scouted topic is; None: it is none of them. Twice is once."""
    insist(can_run_calls(by))
    known = TopicOfCall.objects.filter(topic=topic).first()
    if (known.call_id if known else None) == (call.pk if call else None):
        return
    if call is None:
        TopicOfCall.objects.filter(topic=topic).delete()
    else:
        TopicOfCall.objects.update_or_create(topic=topic, defaults={"call": call})
    record("funding.topic_linked", by=by, on=topic, call=call.code if call else "")


@transaction.atomic
def put_together(*, search: PartnerSearch, roles: Mapping[int, str], by: User) -> None:
    """Who of those interested is in the consortium, and what each would do: `roles` has one line for each that is in.

    Those that are not named are left out; they stay interested.
    """
    insist(can_look_for_partners(by, search.organisation))
    current = locked(search)
    changed = []
    for reply in current.replies.filter(status=SearchReply.Status.INTERESTED):
        is_in = reply.pk in roles
        role = roles.get(reply.pk, reply.role)
        if (reply.is_in, reply.role) != (is_in, role):
            reply.is_in, reply.role = is_in, role
            changed.append(reply)
    SearchReply.objects.bulk_update(changed, ["is_in", "role"])
    if changed:
        record(
            "funding.consortium_put_together",
            by=by,
            on=current,
            organisation_id=current.organisation_id,
            partners=sorted(current.replies.in_consortium().values_list("organisation_id", flat=True)),
        )


@transaction.atomic
def start_application(*, search: PartnerSearch, title: str, sends_links: bool, by: User) -> Started:
    """An application to the topic's call, with those who are in the consortium as its partners. Twice is once.

    The search is closed with it. `sends_links`: each partner gets its signed link at once.
    """
    insist(can_apply_for(by, search.organisation))
    current = locked(search)
    if current.application:
        return Started(current.application)
    call = FundingCall.objects.of_topic(current.topic).first()
    if call is None:
        raise Refused(_("This topic is no call of this portal. Download the sheet and apply where the topic says."))
    application = applications.start(call=call, organisation=current.organisation, by=by, topic=current.topic)
    Application.objects.filter(pk=application.pk).update(title=title)
    application.title = title
    left_out = []
    for reply in current.replies.in_consortium().select_related("organisation", "answered_by").order_by("pk"):
        try:
            _add(application, reply, sends_links=sends_links, by=by)
        except Refused as refusal:
            left_out.append(f"{reply.organisation}: {refusal}")
    _end(current, PartnerSearch.Outcome.HERE, "", application)
    record("funding.search_led_to", by=by, on=current, organisation_id=current.organisation_id, call=call.code)
    return Started(application, left_out)


@transaction.atomic
def _add(application: Application, reply: SearchReply, *, sends_links: bool, by: User) -> None:
    organisation, person = reply.organisation, reply.answered_by
    if not organisation.country:
        raise Refused(_("Its profile does not say in which country it is. Add it by hand."))
    partner = partners.add(
        application=application,
        by=by,
        organisation=organisation,
        name=organisation.name,
        kind=organisation.kind,
        country=organisation.country,
        region=organisation.nuts,
        person=str(person or ""),
        email=person.email if person else "",
        role=reply.role,
    )
    if sends_links and partner.email:
        partners.invite(partner=partner, by=by)


@transaction.atomic
def tell_outcome(*, search: PartnerSearch, outcome: str, words: str, by: User) -> None:
    """What came of it when no application was started here; the search is closed. The last word counts."""
    insist(can_look_for_partners(by, search.organisation))
    current = locked(search)
    if current.application:
        raise Refused(_("This search led to the application %(which)s.") % {"which": current.application.reference})
    if outcome == PartnerSearch.Outcome.HERE:
        raise Refused(_("Start the application from this search: then it is known."))
    if (current.outcome, current.outcome_words) == (outcome, words):
        return
    _end(current, outcome, words)
    record("funding.search_outcome", by=by, on=current, organisation_id=current.organisation_id, outcome=outcome)


@transaction.atomic
def hide_contact(*, reply: SearchReply, by: User) -> None:
    """Takes back that name and address may stand in the sheet; at any time. Twice is once."""
    insist(can_answer_for(by, reply.organisation))
    search = locked(reply.search)
    if SearchReply.objects.filter(pk=reply.pk, shares_contact=True).update(shares_contact=False):
        record("funding.contact_hidden", by=by, on=search, organisation_id=reply.organisation_id)


def _end(search: PartnerSearch, outcome: str, words: str, application: Application | None = None) -> None:
    now = timezone.now()
    search.status, search.closed_at = PartnerSearch.Status.CLOSED, search.closed_at or now
    search.outcome, search.outcome_words, search.outcome_on = outcome, words, timezone.localdate(now)
    search.application = application
    search.save(update_fields=["status", "closed_at", "outcome", "outcome_words", "outcome_on", "application"])
