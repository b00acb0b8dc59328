"""Planning an activity, and its way from the first plan to its end."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.marks import insist_on_seen, mark_of
from core.slugs import free_slug
from members.models import Organisation, User
from members.permissions import insist
from programme import emails
from programme.actions.aims import insist_on_citable
from programme.actions.registrations import fill_places, held
from programme.models import Activity, Host
from programme.permissions import can_lead, can_run_the_programme

# First words of the addresses of activities, which no activity's may be.
RESERVED_SLUGS = frozenset({"new", "r"})
# Who comes has to know of these.
WHEN_AND_WHERE = frozenset({"starts_at", "ends_at", "time_zone", "venue", "country"})


@transaction.atomic
def add_activity(*, like: Activity | None = None, by: User, **facts: object) -> Activity:
    """Begins a plan. Only the team, the company that leads and the hosts see it. `like`: whose hosts are taken over."""
    insist(can_run_the_programme(by))
    insist_on_citable(facts.get("goal"))
    slug = free_slug(Activity, str(facts["name"]), RESERVED_SLUGS)
    try:
        with transaction.atomic():
            activity = Activity.objects.create(slug=slug, created_by=by, **facts)
    except IntegrityError:
        raise _name_taken(facts["name"]) from None
    record("programme.activity_added", by=by, on=activity, organisation_id=activity.lead_id)
    for host in like.hosts.select_related("organisation").order_by("pk") if like else ():
        add_host(activity=activity, organisation=host.organisation, does=host.does, by=by)
    return activity


def _name_taken(name: object) -> Refused:
    return Refused(_("There is an activity named %(name)s already.") % {"name": name}, field="name")


@transaction.atomic
def change_activity(*, activity: Activity, seen: str = "", by: User, **facts: object) -> list[str]:
    """Changes what is given and returns what did change. Who comes hears of another time or place.

    More places go to those who wait. Fewer than are taken are refused, and what was typed over another state than
    `seen` shows.
    """
    insist(can_run_the_programme(by))
    current = held(activity)
    _insist_on_ahead(current)
    changed = {name: value for name, value in facts.items() if getattr(current, name) != value}
    if not changed:
        return []
    insist_on_seen(seen, mark_of(current))
    insist_on_citable(changed.get("goal"))
    _insist_on_enough_places(current, changed)
    changed |= {"changed_at": timezone.now(), "revision": current.revision + 1}
    for name, value in changed.items():
        setattr(current, name, value)
    try:
        with transaction.atomic():
            current.save(update_fields=list(changed))
    except IntegrityError:
        raise _name_taken(current.name) from None
    fields = sorted(set(changed) - {"changed_at", "revision"})
    record("programme.activity_changed", by=by, on=current, organisation_id=current.lead_id, fields=fields)
    if WHEN_AND_WHERE & set(fields) and current.status == Activity.Status.PUBLISHED:
        _tell_of_change(current, starts_anew="starts_at" in fields)
    fill_places(activity=current)
    return fields


def _insist_on_ahead(activity: Activity) -> None:
    if activity.status not in (Activity.Status.DRAFT, Activity.Status.PUBLISHED):
        words = {"state": activity.get_status_display().lower()}
        raise Refused(_("This activity is past its planning (%(state)s). Its plan stays as it is.") % words)


def _insist_on_enough_places(activity: Activity, changed: dict[str, object]) -> None:
    places = changed.get("places", activity.places)
    taken = activity.registrations.registered().count()
    if isinstance(places, int) and places < taken:
        words = {"taken": taken, "places": places}
        said = _("%(taken)s people take part: %(places)s is too few. Cancel for some of them first.") % words
        raise Refused(said, field="places")


def _tell_of_change(activity: Activity, *, starts_anew: bool) -> None:
    coming = activity.registrations.coming()
    if starts_anew:
        coming.update(reminded_at=None)
    for registration in coming.order_by("pk"):
        registration.activity = activity
        emails.send_activity_changed(registration=registration)


@transaction.atomic
def publish(*, activity: Activity, by: User) -> None:
    """Everybody can read it, and members can sign up."""
    insist(can_run_the_programme(by))
    current = held(activity)
    if current.status != Activity.Status.DRAFT:
        words = {"name": current, "state": current.get_status_display().lower()}
        raise Refused(_("%(name)s is no plan any more: %(state)s.") % words)
    if current.has_begun:
        raise Refused(_("This activity would have begun already. Choose a later day first."))
    _move(current, Activity.Status.PUBLISHED, by=by, note="published")


@transaction.atomic
def cancel(*, activity: Activity, why: str, by: User) -> None:
    """It does not take place; everybody on its list is told, in these words. Twice is once."""
    insist(can_run_the_programme(by))
    current = held(activity)
    if current.status == Activity.Status.CANCELLED:
        return
    if current.status != Activity.Status.PUBLISHED:
        words = {"name": current, "state": current.get_status_display().lower()}
        raise Refused(_("Only a published activity can be cancelled. %(name)s is not: %(state)s.") % words)
    _move(current, Activity.Status.CANCELLED, by=by, note="cancelled", why_cancelled=why)
    for registration in current.registrations.coming().order_by("pk"):
        registration.activity = current
        emails.send_activity_cancelled(registration=registration)


def close_ended() -> None:
    """Marks what has ended as over."""
    for activity in Activity.objects.ended().order_by("pk"):
        with transaction.atomic():
            current = held(activity)
            if current.status == Activity.Status.PUBLISHED and current.ends_at < timezone.now():
                _move(current, Activity.Status.OVER, by=None, note="over")


def _move(activity: Activity, status: str, *, by: User | None, note: str, **more: object) -> None:
    changes = {"status": status, "changed_at": timezone.now(), "revision": activity.revision + 1, **more}
    for name, value in changes.items():
        setattr(activity, name, value)
    activity.save(update_fields=list(changes))
    record(f"programme.activity_{note}", by=by, on=activity, organisation_id=activity.lead_id)


@transaction.atomic
def remove_draft(*, activity: Activity, by: User) -> None:
    """Throws a plan away that nobody has seen."""
    insist(can_run_the_programme(by))
    current = held(activity)
    if current.status != Activity.Status.DRAFT:
        raise Refused(_("This activity is published. Cancel it, so that everybody hears of it."))
    record("programme.activity_removed", by=by, on=current, organisation_id=current.lead_id)
    current.delete()


@transaction.atomic
def write_words(*, activity: Activity, by: User, **words: str) -> list[str]:
    """The programme and what came of it: the company that leads writes them, too. `words`: text, results."""
    insist(can_lead(by, activity))
    current = held(activity)
    changed = [name for name, value in words.items() if getattr(current, name) != value]
    if changed:
        Activity.objects.filter(pk=current.pk).update(**words, changed_at=timezone.now())
        record("programme.activity_words", by=by, on=current, organisation_id=current.lead_id, fields=sorted(changed))
    return changed


@transaction.atomic
def add_host(*, activity: Activity, organisation: Organisation, does: str, by: User) -> Host:
    """A partner organisation hosts; once more changes what it does."""
    insist(can_run_the_programme(by))
    host, _is_new = Host.objects.update_or_create(activity=activity, organisation=organisation, defaults={"does": does})
    record("programme.host_added", by=by, on=host, organisation_id=organisation.pk, activity=activity.pk)
    return host


@transaction.atomic
def remove_host(*, host: Host, by: User) -> None:
    """It does not host after all. Twice is once."""
    insist(can_run_the_programme(by))
    if Host.objects.filter(pk=host.pk).exists():
        record(
            "programme.host_removed", by=by, on=host, organisation_id=host.organisation_id, activity=host.activity_id
        )
        host.delete()
