"""Who comes to an activity: signing up, the waiting list, and taking it back.

The activity's row is held first, by whoever counts its places: the last one is given once, and one that comes free goes
to whoever has waited longest.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.clocks import moment_in
from members.models import Organisation, User
from members.permissions import insist
from programme import emails
from programme.models import Activity, Registration
from programme.permissions import can_lead, can_register, can_unregister

REMIND_BEFORE = timedelta(days=2)


@transaction.atomic
def register(*, activity: Activity, organisation: Organisation, person: str, email: str, by: User) -> Registration:
    """A place for somebody of the organisation, or one on the waiting list; the person gets a mail. Twice is once."""
    email = email.strip().lower()
    insist(can_register(by, organisation, email))
    current = held(activity)
    if there := current.registrations.coming().filter(email=email).first():
        if there.organisation_id != organisation.pk:
            raise Refused(_("%(email)s is on the list of this activity already.") % {"email": email})
        return there
    _insist_on_open(current, by)
    registration = Registration.objects.create(
        activity=current,
        organisation=organisation,
        user=User.objects.filter(email=email, memberships__organisation=organisation).first(),
        person=person,
        email=email,
        status=Registration.Status.REGISTERED if _has_room(current) else Registration.Status.WAITING,
        registered_at=timezone.now(),
    )
    _note("registered", registration, by=by, status=registration.status)
    emails.send_registration(registration=registration)
    return registration


@transaction.atomic
def register_all(
    *, activity: Activity, organisation: Organisation, people: Iterable[tuple[str, str]], by: User
) -> list[Registration]:
    """Several people of one organisation, by name and address, in order: all of them, or none when one is refused."""
    return [
        register(activity=activity, organisation=organisation, person=person, email=email, by=by)
        for person, email in people
    ]


def held(activity: Activity) -> Activity:
    """The activity as it is now, its row held until the end: nobody else counts places meanwhile."""
    return Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)


def _insist_on_open(activity: Activity, by: User) -> None:
    if activity.status != Activity.Status.PUBLISHED:
        words = {"name": activity, "state": activity.get_status_display().lower()}
        raise Refused(_("Nobody can sign up for %(name)s now (%(state)s).") % words)
    if not (activity.takes_registrations or (by.is_manager and activity.takes_latecomers)):
        words = {"until": moment_in(activity.register_until, activity.time_zone)}
        raise Refused(_("Sign-up was open until %(until)s. Write to the cluster team.") % words)


def _has_room(activity: Activity) -> bool:
    return activity.places is None or activity.registrations.registered().count() < activity.places


@transaction.atomic
def let_in(*, registration: Registration, by: User) -> None:
    """Gives a place of somebody who is not there to somebody who waits at the door. Twice is once."""
    insist(can_lead(by, registration.activity))
    activity = held(registration.activity)
    current = Registration.objects.select_for_update().get(pk=registration.pk)
    if current.status == Registration.Status.REGISTERED:
        return
    if current.status != Registration.Status.WAITING or not activity.counts_who_is_there:
        raise Refused(_("%(person)s does not wait for a place now.") % {"person": current.person})
    if activity.places is not None and activity.registrations.expected().count() >= activity.places:
        raise Refused(_("All places are taken. Mark who is not there: then a place is free."))
    current.status, current.attended = Registration.Status.REGISTERED, True
    current.save(update_fields=["status", "attended"])
    _note("let_in", current, by=by)


@transaction.atomic
def unregister(*, registration: Registration, by: User | None) -> None:
    """Gives the place back, which goes to the next who waits. `by` is None for the person's own link. Twice is once."""
    if by:
        insist(can_unregister(by, registration))
    activity = held(registration.activity)
    current = Registration.objects.select_for_update().get(pk=registration.pk)
    if current.status == Registration.Status.CANCELLED:
        return
    if activity.has_begun:
        raise Refused(_("This activity has begun. Tell the cluster team that you cannot come."))
    before, current.status = current.status, Registration.Status.CANCELLED
    current.save(update_fields=["status"])
    _note("unregistered", current, by=by, before=before, by_link=by is None)
    if by and by.email != current.email:
        emails.send_unregistered(registration=current)
    fill_places(activity=activity)


def fill_places(*, activity: Activity) -> None:
    """Gives free places to those who wait, in order; they are told. The activity's row is held by the caller."""
    if activity.status != Activity.Status.PUBLISHED or activity.has_begun:
        return
    waiting = activity.registrations.waiting()
    if activity.places is not None:
        waiting = waiting[: max(0, activity.places - activity.registrations.registered().count())]
    for registration in waiting:
        registration.status = Registration.Status.REGISTERED
        registration.save(update_fields=["status"])
        registration.activity = activity
        _note("place_given", registration, by=None)
        emails.send_registration(registration=registration, came_free=True)


def remind_due() -> None:
    """Reminds those who take part in what begins within two days; each once."""
    soon = timezone.now() + REMIND_BEFORE
    for registration in Registration.objects.to_remind(soon):
        with transaction.atomic():
            mine = Registration.objects.registered().filter(pk=registration.pk, reminded_at=None)
            if mine.update(reminded_at=timezone.now()):
                emails.send_activity_reminder(registration=registration)


def _note(action: str, registration: Registration, *, by: User | None, **details: object) -> None:
    details |= {"activity": registration.activity_id}
    record(f"programme.{action}", by=by, on=registration, organisation_id=registration.organisation_id, **details)
