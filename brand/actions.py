"""Writing what the cluster says of itself."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brand.models import ClusterPage, PageVersion
from core.actions import Refused, record
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


def _words_of(page: ClusterPage) -> str:
    newest = page.versions.select_related("saved_by").first()
    words = {"name": newest.saved_by if newest else "–"}
    return _("%(name)s has saved the page in the meantime. Look at it in another tab, then save once more.") % words
