"""The sample's strategy, and every page of it that can be read."""

from django.utils import timezone

from cluster_portal.sample import strategy as sample
from members.models import User
from programme import links
from programme.models import Strategy


def load_strategy(manager: User) -> Strategy:
    """As the sample cluster has it: anchored in its second version, with an objection to the first."""
    sample.load(today=timezone.localdate(), by=manager)
    return Strategy.objects.get()


def of_managers(strategy: Strategy) -> list[str]:
    """The pages that write it, and the one that counts."""
    at, goal = strategy.get_absolute_url(), strategy.goals.all()[0]
    kpi = goal.kpis.all()[0]
    parts = (
        "", "edit/", "consult/", "anchor/", "card/", "versions/?old=1", "versions/1/", "stakeholders/", "goals/new/",
    )  # fmt: skip
    return [
        "/programme/strategy/",
        "/programme/strategy/new/",
        *(at + part for part in parts),
        *(f"/programme/goals/{goal.pk}/{part}" for part in ("", "edit/", "give-up/", "indicators/new/")),
        f"/programme/indicators/{kpi.pk}/edit/",
        f"/evaluations/goals/?strategy={strategy.slug}",
    ]


def of_members(strategy: Strategy) -> list[str]:
    """What members read."""
    return ["/programme/strategy/", strategy.get_absolute_url(), f"{strategy.get_absolute_url()}card/"]


def by_link(strategy: Strategy) -> list[str]:
    """What those who are asked read: the newest version, one that was changed since, and a link that opens nothing."""
    asked = [strategy.endorsements.filter(number=number)[0] for number in (1, 2)]
    return [*(f"/programme/p/strategy/{links.token_of(each)}/" for each in asked), "/programme/p/strategy/cut-off/"]
