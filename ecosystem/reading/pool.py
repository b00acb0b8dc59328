"""What the pages of the pool read."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecosystem.models import Partnership, SharedOpportunity
from members.models import User
from opportunities import cards, words
from opportunities.models import Opportunity

Answer, Way = SharedOpportunity.Answer, SharedOpportunity.Way


def pool_of(partnership: Partnership, user: User) -> QuerySet[SharedOpportunity]:
    """What is between the cluster and one partner, the newest first."""
    rows = SharedOpportunity.objects.visible_to(user).filter(partnership=partnership)
    rows = rows.select_related("opportunity").defer("opportunity__search", "opportunity__description")
    return rows.order_by("-at", "-pk")


def row(shared: SharedOpportunity) -> dict[str, object]:
    """One line of the pool."""
    opportunity = shared.opportunity
    state, label = _state(shared)
    return {
        "shared": shared,
        "title": opportunity.title,
        "url": shared.get_absolute_url(),
        "kind": opportunity.kind,
        "kind_label": opportunity.kind_label,
        "deadline": opportunity.deadline,
        "days_left": cards.days_until(opportunity.deadline),
        "why": shared.note,
        "state": state,
        "state_label": label,
    }


def _state(shared: SharedOpportunity) -> tuple[str, str]:
    if shared.way == Way.BROUGHT:
        is_out = shared.opportunity.status == Opportunity.Status.PUBLISHED
        return "good" if is_out else "quiet", shared.opportunity.get_status_display()
    if shared.ended_at:
        return "quiet", str(_("Out of the pool"))
    if shared.handled_at:
        return "good", str(_("Handed over"))
    states = {Answer.INTERESTED: "look", Answer.NOT_FOR_US: "quiet", Answer.NONE: "quiet"}
    return states[Answer(shared.answer)], str(shared.get_answer_display())


def page(shared: SharedOpportunity) -> dict[str, object]:
    """One opportunity as a partner reads it: what its source says, without the cluster's own notes to members."""
    opportunity = shared.opportunity
    state, label = _state(shared)
    return {
        "shared": shared,
        "opportunity": opportunity,
        "partnership": shared.partnership,
        "facts": cards.facts(opportunity),
        "summary": words.summary(opportunity.summary, opportunity.description),
        "paragraphs": list(words.paragraphs(opportunity.description)),
        "state": state,
        "state_label": label,
    }


def partners_of(opportunity: Opportunity) -> list[dict[str, object]]:
    """With whom an opportunity is shared, and what they say."""
    rows = opportunity.shared_with.select_related("partnership__organisation").order_by("-at", "-pk")
    found = []
    for shared in rows:
        shared.opportunity = opportunity
        state, label = _state(shared)
        found.append({"shared": shared, "state": state, "label": label})
    return found
