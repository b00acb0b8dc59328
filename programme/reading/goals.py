"""What the page of one goal shows."""

from typing import Any

from programme.content import content_of
from programme.forms.strategies import ReadingForm
from programme.models import Goal
from programme.reading.strategies import sheet


def page(goal: Goal, typed: ReadingForm | None = None, of: int | None = None) -> dict[str, Any]:
    """The goal in words and its indicators, each with a form. `typed`: what was typed of the indicator `of`."""
    content = content_of(goal.strategy)
    content["goals"] = [each for each in content["goals"] if each["id"] == goal.pk]
    [shown] = sheet(content)["goals"]
    kpis = {kpi.pk: kpi for kpi in goal.kpis.all()}
    forms = {pk: typed if pk == of else ReadingForm(kpi=kpi) for pk, kpi in kpis.items()}
    return {"shown": shown, "rows": [{"kpi": row, "form": forms[row["id"]]} for row in shown["kpis"]]}
