"""One organisation as far as somebody may see it, in a constant number of queries."""

from members import cards, history
from members.models import Invitation, Membership, Organisation, User
from members.permissions import can_edit_organisation, can_invite_to, can_see_people, roles_in
from members.reading.joining import with_state
from members.reading.own_data import events

SHOWN_EVENTS = 12


def detail(organisation: Organisation, user: User) -> dict[str, object]:
    """One organisation as far as this person may see it. Needs its profile at hand."""
    context = {
        "organisation": organisation,
        "profile": organisation.profile,
        "facts": cards.facts(organisation),
        "sections": cards.sections(organisation.profile, organisation.slug),
        "may_edit": can_edit_organisation(user, organisation),
        "may_invite": can_invite_to(user, organisation),
        "sees_people": can_see_people(user, organisation),
        "roles": roles_in(organisation),
    }
    if context["sees_people"]:
        context |= {
            "people": list(Membership.objects.visible_to(user).filter(organisation=organisation).for_list()),
            "invitations": with_state(
                Invitation.objects.visible_to(user).filter(organisation=organisation).unanswered().for_list()
            ),
            "events": history.entries(events(organisation)[:SHOWN_EVENTS]),
        }
    return context
