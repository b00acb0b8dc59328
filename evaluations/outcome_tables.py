"""Tables of outcomes that somebody asks for: of one quarter, by up to three groups, of some groups only.

What is counted was fixed when the quarter's own tables were made. So every table of a quarter is of the same companies,
and each is protected beside all others of the quarter, whoever asked: differences between them tell nothing more. Only
groups whose size is shown take part, as in the tables of surveys. No table sums over quarters.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from core.actions import Refused
from evaluations import protection
from evaluations.disclosure.types import Category
from evaluations.models import Publication, QuarterFrame
from evaluations.models.publications import Audience
from evaluations.quarters import OUTCOME_GROUPS, OUTCOMES, QUARTER, SIZES

Groups = dict[str, tuple[Category, ...]]
Filters = Mapping[str, Sequence[str]]


def known() -> list[str]:
    """The quarters that can be asked for, the newest first."""
    return list(QuarterFrame.objects.order_by("-quarter").values_list("quarter", flat=True))


def subject_of(quarter: str) -> str:
    """What a question to this quarter is about, as queries and publications name it."""
    return f"{OUTCOMES.name}:{quarter}"


def groups_with_size(quarter: str) -> Groups:
    """The groups of each kind whose size in-house readers see: these can be broken down by and filtered."""
    made = Publication.objects.filter(
        wave=None, audience=Audience.HOUSE, subject=f"{SIZES}:{quarter}", filters={QUARTER: [quarter]}
    )
    alone = {each.dimensions[0]: each for each in made if len(each.dimensions) == 1}
    return {name: protection.shown_groups(protection.from_json(each.table)) for name, each in alone.items()}


def taking_part(quarter: str, names: Iterable[str], filters: Filters) -> Groups:
    """The groups of a table, by name. Raises Refused for what there is not; it looks at no company."""
    if quarter not in known():
        raise Refused(_("There are no tables of this quarter. Choose one of the list."))
    if not {*names, *filters} <= {*OUTCOME_GROUPS}:
        raise Refused(_("Choose up to three breakdowns of the list."))
    shown = groups_with_size(quarter)
    found = {}
    for name in {*names, *filters}:
        found[name] = tuple(each for each in shown.get(name, ()) if name not in filters or each in filters[name])
        if not found[name]:
            raise Refused(_("Too few companies are in these groups. Choose larger ones, or leave them out."))
    return found
