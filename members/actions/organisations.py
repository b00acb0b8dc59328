"""Organisations and their profiles: added, changed, looked at, taken along."""

from collections.abc import Mapping

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.models import AuditEvent
from core.slugs import free_slug
from members.models import Organisation, Profile, User
from members.permissions import can_edit_organisation, can_manage, can_see_people, insist

# First words of the room's own addresses, which no organisation's address may be.
RESERVED_SLUGS = frozenset(
    {
        "accept",
        "codes",
        "consent",
        "export",
        "invitations",
        "invite",
        "join",
        "needs",
        "people",
        "profile",
        "requests",
        "settings",
        "undertakings",
    }
)
ONLY_MANAGERS_CHANGE = frozenset({"name", "kind", "is_member"})


@transaction.atomic
def add_organisation(*, name: str, kind: str, country: str, by: User | None, **facts: object) -> Organisation:
    """Adds an organisation with an empty profile. `by` is None when a command loads it."""
    if by is not None:
        insist(can_manage(by))
    slug = free_slug(Organisation, name, RESERVED_SLUGS)
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(name=name, slug=slug, kind=kind, country=country, **facts)
    except IntegrityError:
        raise Refused(_("There is an organisation named %(name)s already.") % {"name": name}) from None
    Profile.objects.create(organisation=organisation)
    record("members.organisation_added", by=by, on=organisation, organisation_id=organisation.pk)
    return organisation


@transaction.atomic
def change_organisation(*, organisation: Organisation, by: User, **facts: object) -> list[str]:
    """Changes facts of an organisation and returns which did change. Its name and kind are the managers' to change."""
    insist(can_edit_organisation(by, organisation))
    current = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = _changed(current, facts)
    if ONLY_MANAGERS_CHANGE & set(changed):
        insist(can_manage(by))
    if changed:
        Organisation.objects.filter(pk=current.pk).update(**changed)
        # What an organisation may take part in hangs on its country, kind and size: the filter reads the version.
        Profile.objects.filter(organisation=current).update(version=F("version") + 1)
        record("members.organisation_changed", by=by, on=current, organisation_id=current.pk, fields=sorted(changed))
        _tell_of_new_profile()
    return sorted(changed)


@transaction.atomic
def change_profile(*, organisation: Organisation, by: User, **answers: object) -> list[str]:
    """Saves the answers given and leaves the others as they are; returns which did change."""
    insist(can_edit_organisation(by, organisation))
    current = Profile.objects.select_for_update().get(organisation=organisation)
    changed = _changed(current, answers)
    if changed:
        Profile.objects.filter(pk=current.pk).update(version=F("version") + 1, updated_at=timezone.now(), **changed)
        record("members.profile_changed", by=by, on=current, organisation_id=organisation.pk, fields=sorted(changed))
        _tell_of_new_profile()
    return sorted(changed)


def _tell_of_new_profile() -> None:
    """Whoever works from profiles looks at once. Which task that is, the roof says: this room knows no higher one."""
    # Robust: that work finds the new version by itself in time, so a broker that is away only delays it.
    transaction.on_commit(lambda: current_app.send_task(settings.PROFILE_CHANGED_TASK, countdown=1), robust=True)


def _changed(current: Organisation | Profile, values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if getattr(current, name) != value}


def note_view(*, organisation: Organisation, by: User) -> None:
    """Notes that a manager has looked at an organisation's page, once a day: its people can see who did."""
    if not by.is_manager or organisation.is_home:
        return
    seen = AuditEvent.objects.filter(
        action="members.organisation_viewed",
        organisation_id=organisation.pk,
        actor_id=by.pk,
        at__date=timezone.localdate(),
    )
    if not seen.exists():
        record("members.organisation_viewed", by=by, on=organisation, organisation_id=organisation.pk)


def note_export(*, count: int, by: User) -> None:
    """Notes that a manager has taken the list of organisations along."""
    insist(can_manage(by))
    record("members.exported", by=by, on=by, count=count)


def note_download(*, organisation: Organisation, by: User) -> None:
    """Notes that somebody has taken all data of an organisation along."""
    insist(can_see_people(by, organisation))
    record("members.downloaded", by=by, on=organisation, organisation_id=organisation.pk)
