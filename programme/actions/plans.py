"""A member's action plan: steps that the member writes, or the cluster team with it."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from members.models import Organisation, User
from members.permissions import insist
from programme.actions import requests
from programme.models import ActionItem, Service, ServiceRequest
from programme.permissions import can_ask_for

MOST_STEPS = 60


@transaction.atomic
def add_step(*, organisation: Organisation, gap: str, what: str, who: str, due_on: date | None, by: User) -> ActionItem:
    """One more step. The same step that is still open is not written twice."""
    insist(can_ask_for(by, organisation))
    if not organisation.is_member:
        raise Refused(_("Action plans are for members of the cluster."))
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    steps = ActionItem.objects.filter(organisation=organisation, done_on=None)
    if found := steps.filter(gap=gap, what=what).first():
        return found
    if steps.count() >= MOST_STEPS:
        raise Refused(_("Finish some steps first: a plan holds 60 open ones."))
    step = ActionItem.objects.create(
        organisation=organisation, gap=gap, what=what, who=who, due_on=due_on, created_by=by
    )
    record("programme.step_added", by=by, on=step, organisation_id=organisation.pk)
    return step


@transaction.atomic
def change_step(*, step: ActionItem, gap: str, what: str, who: str, due_on: date | None, by: User) -> None:
    """Other words, another day, somebody else."""
    current = _locked(step, by)
    values = {"gap": gap, "what": what, "who": who, "due_on": due_on}
    if changed := {name: value for name, value in values.items() if getattr(current, name) != value}:
        ActionItem.objects.filter(pk=current.pk).update(**changed)
        record("programme.step_changed", by=by, on=current, organisation_id=current.organisation_id,
               fields=sorted(changed))  # fmt: skip


@transaction.atomic
def set_done(*, step: ActionItem, done: bool, by: User) -> None:
    """Done today, or not done after all. Twice is once."""
    current = _locked(step, by)
    if bool(current.done_on) != done:
        ActionItem.objects.filter(pk=current.pk).update(done_on=timezone.localdate() if done else None)
        name = "programme.step_done" if done else "programme.step_open_again"
        record(name, by=by, on=current, organisation_id=current.organisation_id)


@transaction.atomic
def remove_step(*, step: ActionItem, by: User) -> None:
    """Takes a step out. Twice is once."""
    insist(can_ask_for(by, step.organisation))
    current = ActionItem.objects.select_for_update().filter(pk=step.pk).first()
    if current is not None:
        record("programme.step_removed", by=by, on=current, organisation_id=current.organisation_id)
        current.delete()


@transaction.atomic
def ask_for_step(*, step: ActionItem, service: Service, by: User) -> ServiceRequest:
    """The step becomes a request of a service; what is asked for is the step."""
    current = _locked(step, by)
    asked = requests.ask(service=service, organisation=current.organisation, words=current.what, by=by)
    ActionItem.objects.filter(pk=current.pk).update(request=asked)
    return asked


def _locked(step: ActionItem, by: User) -> ActionItem:
    insist(can_ask_for(by, step.organisation))
    rows = ActionItem.objects.select_for_update(of=["self"]).select_related("organisation")
    current = rows.filter(pk=step.pk).first()
    if current is None:
        raise Refused(_("Somebody has taken this step out of the plan."))
    return current
