"""Who takes part in a round, as far as a person may see it."""

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.codelists import nace
from core.models import Mail
from core.templatetags.portal import language
from matchmaking import cards, links
from matchmaking.actions.participants import remindable
from matchmaking.announcing import IN_CHARGE
from matchmaking.models import Participant, Round, RoundPartner
from members.models import Membership, Organisation, User

COMING = (Participant.Status.INVITED, Participant.Status.CONFIRMED)


def participants(round_: Round, user: User) -> QuerySet[Participant]:
    """Those of the round that this person may see, by name, with how far their mail is."""
    return Participant.objects.visible_to(user).filter(round=round_).for_list().with_mail()


def state(participant: Participant) -> dict[str, str]:
    """Where somebody stands, as sign and word. Needs `with_mail`."""
    signs = {"confirmed": "good", "declined": "quiet", "withdrawn": "quiet"}
    if participant.status != Participant.Status.INVITED:
        return {"state": signs[participant.status], "label": str(participant.get_status_display())}
    told = {
        None: ("quiet", _("On the list")),
        Mail.Status.FAILED: ("stop", _("The mail failed")),
        Mail.Status.STOPPED: ("look", _("Wants no such mails")),
    }
    sign, word = told.get(participant.mail_status, ("busy", str(participant.get_status_display())))
    return {"state": sign, "label": word}


def rows(found: list[Participant]) -> list[dict[str, object]]:
    """Participants with where they stand."""
    return [{"participant": each} | state(each) for each in found]


def twice(round_: Round) -> list[str]:
    """The addresses that two clusters have invited, for the cluster team: neither of the two can see the other's."""
    both = round_.participants.filter(status__in=COMING).values("email").annotate(n=Count("pk")).filter(n__gt=1)
    return sorted(both.values_list("email", flat=True))


def facts(participant: Participant) -> list[dict[str, object]]:
    """What is known of a participant, for whoever looks after it."""
    side = {"a": participant.round.side_a, "b": participant.round.side_b}.get(participant.side, "")
    fields = [entry.label for code in participant.nace_codes if (entry := nace().get(code))]
    return [
        {"label": _("Contact person"), "value": participant.person},
        {"label": _("E-mail"), "value": participant.email, "url": f"mailto:{participant.email}"},
        {"label": _("Mobile number"), "value": participant.phone},
        {"label": _("Brought by"), "value": participant.cluster.name},
        {"label": _("Place"), "value": cards.place(participant, with_town=True)},
        {"label": _("Time zone"), "value": participant.time_zone.replace("_", " ")},
        {"label": _("Size"), "value": participant.get_size_class_display()},
        {"label": _("Website"), "value": participant.website, "url": participant.website},
        {"label": _("Side"), "value": side},
        {"label": _("Offers"), "value": ", ".join(participant.offer_lines)},
        {"label": _("Looks for"), "value": ", ".join(participant.seek_lines)},
        {"label": _("Activities"), "value": ", ".join(fields)},
        {"label": _("Languages"), "value": ", ".join(language(code) for code in participant.languages)},
        {"label": _("Name shown to others"), "value": _("Yes") if participant.shows_name else _("No")},
    ]


def figures(round_: Round) -> list[dict[str, object]]:
    """The row of figures above the list."""
    status = Participant.Status
    counts = round_.participants.aggregate(
        **{each.value: Count("pk", filter=Q(status=each)) for each in status},
        ballots=Count("pk", filter=Q(status=status.CONFIRMED, chosen_at__isnull=False)),
        silent=Count("pk", filter=Q(status=status.INVITED, reminded_at__isnull=False)),
    )
    everybody = sum(counts[each] for each in status.values)
    shown = [
        (_("Take part"), counts["confirmed"], _("of %(n)s on the list") % {"n": everybody}),
        (_("Have not answered"), counts["invited"], _("%(n)s after a reminder") % {"n": counts["silent"]}),
        (_("Declined"), counts["declined"], _("%(n)s withdrawn") % {"n": counts["withdrawn"]}),
    ]
    if round_.takes_ballots:
        shown.append((_("Ballots"), counts["ballots"], _("of %(n)s who take part") % {"n": counts["confirmed"]}))
    return [{"label": label, "value": value, "n": n} for label, value, n in shown]


def reminders(round_: Round) -> dict[str, int]:
    """How many a reminder would reach now."""
    if round_.status != Round.Status.OPEN:
        return {"answer": 0, "choices": 0}
    return {
        "answer": remindable(round_, "answer").count(),
        "choices": remindable(round_, "choices").count() if round_.takes_ballots else 0,
    }


def clusters_in(round_: Round) -> QuerySet[Organisation]:
    """The home cluster and the partners of a round."""
    brings = Q(is_home=True) | Q(pk__in=round_.partners.values("organisation"))
    return Organisation.objects.filter(brings).order_by("-is_home", "name")


def clusters_for(round_: Round, user: User) -> QuerySet[Organisation]:
    """In whose name this person may invite to a round."""
    found = clusters_in(round_)
    if user.is_manager:
        return found
    return found.filter(pk__in=[m.organisation_id for m in user.all_memberships if m.role in IN_CHARGE], is_home=False)


def partners(round_: Round) -> list[RoundPartner]:
    """The partners with how many of their places are taken, and who is in charge there."""
    here = Q(organisation__in=round_.partners.values("organisation"))
    taken = dict(
        round_.participants.filter(status__in=COMING).order_by().values_list("cluster").annotate(n=Count("pk"))
    )
    in_charge = Membership.objects.filter(here, role__in=IN_CHARGE).select_related("user").order_by("pk")
    found = round_.partners.select_related("organisation").prefetch_related(
        Prefetch("organisation__memberships", in_charge, to_attr="in_charge"), "organisation__invitations"
    )
    shown = list(found.order_by("organisation__name"))
    for each in shown:
        each.taken = taken.get(each.organisation_id, 0)
        each.waiting = [i for i in each.organisation.invitations.all() if not i.accepted_at and not i.withdrawn_at]
    return shown


def own_partnerships(round_: Round, user: User) -> list[RoundPartner]:
    """The partners of a round that this person belongs to, with how many of their places are taken."""
    own = {m.organisation_id for m in user.all_memberships}
    return [each for each in partners(round_) if each.organisation_id in own]


def own_people(round_: Round, user: User) -> list[dict[str, object]]:
    """A member's own people, each with the way to its pages for those who may act for the member."""
    roles = {m.organisation_id: m.role for m in user.all_memberships if not m.organisation.is_home}
    found = Participant.objects.filter(round=round_, organisation__in=roles).for_list().with_mail()
    return [
        row | {"url": _own_url(row["participant"]) if _may_act(row["participant"], roles, user) else ""}
        for row in rows(list(found))
    ]


def _may_act(participant: Participant, roles: dict[int, str], user: User) -> bool:
    is_out = participant.status == Participant.Status.WITHDRAWN
    return not is_out and (roles[participant.organisation_id] in IN_CHARGE or participant.email == user.email)


def _own_url(participant: Participant) -> str:
    return reverse("matchmaking:own", args=[links.token_of(participant)])


def others(round_: Round, partnerships: list[RoundPartner]) -> QuerySet[Participant]:
    """Who takes part besides the companies that these partners bring."""
    own = [each.organisation_id for each in partnerships]
    # Not by name: the order would tell something of those whose name is not shown.
    return round_.participants.confirmed().exclude(cluster__in=own).for_list().order_by("country", "pk")


def other_cards(found: list[Participant]) -> list[dict[str, object]]:
    """Others as a partner sees them: by name only where the company agreed."""
    return [cards.card(each, by_name=each.shows_name) for each in found]


def members_to_invite(round_: Round) -> QuerySet[Organisation]:
    """Members of the home cluster that are not on the list yet, with their profiles and people."""
    people = Membership.objects.select_related("user")
    there = round_.participants.exclude(organisation=None).values("organisation")
    found = Organisation.objects.members().filter(is_home=False).exclude(pk__in=there)
    return found.select_related("profile").prefetch_related(Prefetch("memberships", people)).by_name()
