"""What each partner's part costs, and who pays for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from funding.actions.locks import open_part, writable
from funding.actions.trail import of_part
from funding.actions.unconfirming import ask_again
from funding.models import Application, Cost, Partner
from members.models import User


@dataclass(frozen=True, slots=True)
class Budget:
    """EUR of one partner: by category (its id), and by who pays. None is not said yet."""

    costs: Mapping[int, Decimal]
    grant: Decimal | None
    own: Decimal | None
    other: Decimal

    @property
    def total(self) -> Decimal:
        return sum(self.costs.values(), Decimal(0))


def budget_of(partner: Partner) -> Budget:
    """The budget as it stands."""
    costs = {cost.category_id: cost.amount_eur for cost in partner.costs.all()}
    return Budget(costs, partner.grant_eur, partner.own_money_eur, partner.other_money_eur)


@transaction.atomic
def save(*, application: Application, budgets: Mapping[int, Budget], by: User) -> list[Partner]:
    """Saves the budgets of some partners; returns whose did change. A confirmed part is asked about again."""
    current = writable(application, by=by)
    changed = []
    for partner in current.partners.select_for_update(no_key=True).filter(pk__in=budgets).order_by("pk"):
        partner.application = current
        if _keep(partner, budgets[partner.pk]):
            ask_again(partner, by=by, what=[_("the budget")])
            of_part("funding.budget_changed", partner, by=by, total=str(budgets[partner.pk].total))
            changed.append(partner)
    return changed


@transaction.atomic
def save_part(*, partner: Partner, budget: Budget) -> bool:
    """The same by the partner itself, for its own part; returns whether it changed."""
    current = open_part(partner)
    if not _keep(current, budget):
        return False
    ask_again(current, by=None, what=[])
    of_part("funding.budget_changed", current, by=None, total=str(budget.total))
    return True


def _keep(partner: Partner, budget: Budget) -> bool:
    if budget == budget_of(partner):
        return False
    partner.costs.exclude(category__in=budget.costs).delete()
    for category, amount in budget.costs.items():
        Cost.objects.update_or_create(partner=partner, category_id=category, defaults={"amount_eur": amount})
    partner.grant_eur, partner.own_money_eur, partner.other_money_eur = budget.grant, budget.own, budget.other
    partner.save(update_fields=["grant_eur", "own_money_eur", "other_money_eur"])
    Application.objects.filter(pk=partner.application_id).update(changed_at=timezone.now())
    return True
