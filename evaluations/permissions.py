"""What a person may do in the room of evaluations: an answer and its reason."""

from django.utils.translation import gettext_lazy as _

from evaluations.models import BenchmarkImport
from members.models import User
from members.permissions import ALLOWED, Verdict, refused


def can_run_waves(user: User) -> Verdict:
    """Managers write questionnaires, ask, and send reports."""
    return ALLOWED if user.is_manager else refused(_("Only cluster managers run surveys."))


def can_read_results(user: User) -> Verdict:
    """Managers and evaluators read protected figures."""
    if user.is_manager or user.is_evaluator:
        return ALLOWED
    return refused(_("Figures are for cluster managers and evaluators."))


def only_figures(user: User) -> bool:
    """Evaluators who belong to no organisation of their own: figures are all that the portal is to them."""
    return user.is_evaluator and user.is_confined


def can_withdraw(user: User, brought: BenchmarkImport) -> Verdict:
    """Who brought benchmarks takes them back, and managers do."""
    if user.is_manager or (user.is_evaluator and brought.by_id == user.pk):
        return ALLOWED
    return refused(_("Only who brought this file, or a cluster manager, can take it back."))
