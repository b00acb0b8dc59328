"""Writing what the cluster says of itself, and which report stands on its pages."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brand.models import ClusterPage, PageVersion
from core.actions import Refused, record
from evaluations.models import Report
from members.models import User
from members.permissions import can_manage, insist

FIELDS = (
    "tagline",
    "what_we_do",
    "founded",
    "contact_address",
    "contact_email",
    "imprint_url",
    "privacy_url",
    "colour_light",
    "colour_dark",
    "embed_sites",
)  # fmt: skip


@transaction.atomic
def save_page(*, by: User, seen: int, **said: object) -> ClusterPage:
    """The public page says this from now on, and what it said is kept. The same again is once.

    `seen`: the version that was on the screen while it was written; raises Refused when somebody has saved since.
    """
    insist(can_manage(by))
    ClusterPage.objects.get_or_create()
    page = ClusterPage.objects.select_for_update().get()
    changed = [name for name in FIELDS if name in said and getattr(page, name) != said[name]]
    if not changed:
        return page
    if page.version != seen:
        raise Refused(_words_of(page))
    for name in changed:
        setattr(page, name, said[name])
    page.version += 1
    page.changed_at = timezone.now()
    page.save()
    says = {name: getattr(page, name) for name in FIELDS}
    PageVersion.objects.create(page=page, number=page.version, says=says, saved_by=by)
    record("brand.page_saved", by=by, on=page, version=page.version, fields=changed)
    return page


@transaction.atomic
def put_up_report(*, report: Report, by: User) -> None:
    """It stands on the page of results from now on, in the place of any other. Twice is once."""
    insist(can_manage(by))
    if not Report.objects.for_everybody().filter(pk=report.pk).exists():
        raise Refused(_("Only a yearly report that was made for the public can stand there. Choose another one."))
    ClusterPage.objects.get_or_create()
    page = ClusterPage.objects.select_for_update().get()
    if page.report_id != report.pk:
        page.report = report
        page.save(update_fields=["report"])
        record("brand.report_put_up", by=by, on=page, report=report.pk, title=report.title)


@transaction.atomic
def take_down_report(*, by: User) -> None:
    """No report stands on the page of results any more. Twice is once."""
    insist(can_manage(by))
    page = ClusterPage.objects.select_for_update().exclude(report=None).first()
    if page is not None:
        taken, page.report_id = page.report_id, None
        page.save(update_fields=["report"])
        record("brand.report_taken_down", by=by, on=page, report=taken)


def _words_of(page: ClusterPage) -> str:
    newest = page.versions.select_related("saved_by").first()
    words = {"name": newest.saved_by if newest else "–"}
    return _("%(name)s has saved the page in the meantime. Look at it in another tab, then save once more.") % words
