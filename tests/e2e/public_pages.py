"""The sample's public pages, and every page of them that can be read."""

from brand.actions import put_up_report
from cluster_portal.sample import brand
from members.models import Listing, User
from opportunities.models import Opportunity
from programme.models import Activity
from tests.factories.evaluations import ReportFactory
from tests.factories.programme import ActivityFactory


def load(*, manager: User, owner: User) -> None:
    """As the sample cluster has it, with an activity that comes, one that was, and something for partners."""
    brand.load(by=manager)
    ActivityFactory(lead=owner.own_membership.organisation, results="Two first orders.", text="By train.")
    ActivityFactory(over=True, lead=None)
    put_up_report(report=ReportFactory(), by=manager)
    Opportunity.objects.published().update(for_partners="We look for a port.")


def of_visitors() -> list[str]:
    """What everybody reads."""
    listed = Listing.objects.public()
    full = max(listed, key=lambda each: len(each.fields)).organisation
    bare = min(listed, key=lambda each: len(each.fields)).organisation
    return [
        "/",
        "/cluster/",
        "/cluster/members/",
        "/cluster/members/?q=nothingfindsthis",
        "/cluster/members/?page=2",
        f"/cluster/members/{full.slug}/",
        f"/cluster/members/{bare.slug}/",
        "/cluster/opportunities/",
        "/cluster/activities/",
        *(f"/cluster/activities/{each.slug}/" for each in Activity.objects.public()),
        "/cluster/results/",
        "/cluster/results/report/",
        "/cluster/embed/?number=6",
        "/cluster/embed/?theme=dark",
        "/cluster/embed/?theme=light&q=nothingfindsthis",
    ]


def of_managers() -> list[str]:
    """Where the pages are written, and what is opened to partners."""
    reference = Opportunity.objects.published().order_by("pk")[0].reference
    return [
        "/cluster/page/",
        "/cluster/page/?from=1",
        "/cluster/page/versions/1/",
        "/cluster/page/embed/",
        "/cluster/page/embed/?theme=dark&number=3",
        f"/opportunities/inbox/{reference}/partners/",
    ]


def of_members(owner: User) -> list[str]:
    """Where a member says what everybody reads."""
    return [f"/members/{owner.own_membership.organisation.slug}/public/"]
