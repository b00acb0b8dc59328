"""The first page: what the cluster says of itself, with a few figures and what comes next."""

from typing import Any

from brand.reading import activities, results
from members.models import Listing
from opportunities.models import Opportunity

NEXT = 3


def page() -> dict[str, Any]:
    """Figures that are of nobody in particular, and the next activities."""
    labels = dict(Opportunity.Kind.choices)
    open_now = Opportunity.objects.published().open().by_kind()
    return {
        "figures": [
            results.members(),
            *({"label": labels[row["kind"]], "value": row["n"]} for row in open_now),
        ],
        "coming": [activities.row(each) for each in activities.coming()[:NEXT]],
        "listed": Listing.objects.public().count(),
    }
