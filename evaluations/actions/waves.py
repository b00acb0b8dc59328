"""A wave from planning to its end: whom it asks, when it opens, whom it reminds, and what closing does."""

import secrets
from datetime import datetime, timedelta
from uuid import uuid4

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.slugs import free_slug
from evaluations import links, population, preparations, quoting
from evaluations.models import Invitee, QuestionnaireVersion, Response, Wave
from evaluations.permissions import can_run_waves
from evaluations.querysets import BETWEEN_MAILS
from members.models import User
from members.permissions import insist

# First words of the room's own addresses, which no wave's address may be.
RESERVED_SLUGS = frozenset({"new"})
SHORTEST = timedelta(days=1)
KEY_BYTES = 32


@transaction.atomic
def add_wave(*, by: User, **facts: object) -> Wave:
    """Begins a wave: nobody is asked before it is opened."""
    insist(can_run_waves(by))
    _insist_on_published(facts["version"])
    slug = free_slug(Wave, str(facts["name"]), RESERVED_SLUGS)
    try:
        with transaction.atomic():
            wave = Wave.objects.create(slug=slug, created_by=by, **facts)
    except IntegrityError:
        raise Refused(_("There is a wave named %(name)s already.") % {"name": facts["name"]}) from None
    record("evaluations.wave_added", by=by, on=wave)
    return wave


def _insist_on_published(version: QuestionnaireVersion) -> None:
    if version.status != QuestionnaireVersion.Status.PUBLISHED:
        raise Refused(_("Publish the questionnaire first: what is asked may not change while a wave runs."))


@transaction.atomic
def change_wave(*, wave: Wave, by: User, **facts: object) -> list[str]:
    """Changes a wave that nobody was asked in yet; returns what did change."""
    insist(can_run_waves(by))
    current = _locked(wave)
    if current.status != Wave.Status.PLANNED:
        raise Refused(_("This wave has begun. Only its last day can change now."))
    _insist_on_published(facts.get("version", current.version))
    changed = {name: value for name, value in facts.items() if getattr(current, name) != value}
    if not changed:
        return []
    try:
        with transaction.atomic():
            Wave.objects.filter(pk=current.pk).update(**changed)
    except IntegrityError:
        raise Refused(_("There is a wave named %(name)s already.") % {"name": facts["name"]}) from None
    record("evaluations.wave_changed", by=by, on=current, fields=sorted(changed))
    return sorted(changed)


def _locked(wave: Wave) -> Wave:
    """The wave's row, held until the end: what depends on its state is decided once."""
    return Wave.objects.select_for_update(of=["self"]).select_related("version", "round").get(pk=wave.pk)


@transaction.atomic
def open_wave(*, wave: Wave, by: User) -> int:
    """Freezes the population and invites everybody who can be asked; returns how many that are."""
    insist(can_run_waves(by))
    current, now = _locked(wave), timezone.now()
    if current.status != Wave.Status.PLANNED:
        raise Refused(_("This wave was opened already."))
    if current.closes_at < now + SHORTEST:
        raise Refused(_("Companies need a day at least to answer. Choose a later last day."))
    companies = population.population(current, at=now)
    asked = [each for each in companies if each.contact]
    if len(asked) < current.fewest_in_house:
        words = {"n": len(asked), "fewest": current.fewest_in_house}
        raise Refused(
            _("Only %(n)s can be asked. Figures need %(fewest)s answers at least, so none could be shown.") % words
        )
    Invitee.objects.bulk_create(_invitee(current, each) for each in asked)
    Wave.objects.filter(pk=current.pk).update(
        status=Wave.Status.OPEN,
        opened_at=now,
        frame=population.frame(companies),
        key=secrets.token_bytes(KEY_BYTES),
    )
    record("evaluations.wave_opened", by=by, on=current, population=len(companies), asked=len(asked))
    _write_after_commit()
    return len(asked)


def _invitee(wave: Wave, company: population.Company) -> Invitee:
    return Invitee(
        wave=wave,
        organisation_id=company.organisation_id,
        company=company.name,
        person=company.contact.person,
        email=company.contact.email,
        language=company.language,
        **company.groups,
    )


def _write_after_commit() -> None:
    """Sends what is due as soon as the change is there; a message that is lost only delays it to the next minute."""
    transaction.on_commit(lambda: current_app.send_task("evaluations.send_due_mails"), robust=True)


@transaction.atomic
def extend_wave(*, wave: Wave, closes_at: datetime, by: User) -> None:
    """Gives more time. Who has the link and has not answered is told. Earlier is closing: see `close_wave`."""
    insist(can_run_waves(by))
    current = _locked(wave)
    if current.status != Wave.Status.OPEN:
        raise Refused(_("Only a wave that is open can run longer."))
    if closes_at == current.closes_at:
        return
    if closes_at < max(current.closes_at, timezone.now()):
        words = {"day": _day(current.closes_at)}
        raise Refused(_("Companies were told %(day)s. Choose a later day, or close the wave now.") % words)
    Wave.objects.filter(pk=current.pk).update(closes_at=closes_at, extensions=F("extensions") + 1)
    record("evaluations.wave_extended", by=by, on=current, before=current.closes_at, after=closes_at)
    _write_after_commit()


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")


@transaction.atomic
def remind(*, wave: Wave, by: User | None, most: int | None = None) -> int:
    """Asks for a reminder to everybody who is silent; returns to how many. Nobody is reminded more than twice.

    `most`: only those who have had fewer reminders than this. `by` is None when the portal reminds by itself.
    """
    if by is not None:
        insist(can_run_waves(by))
    current = _locked(wave)
    silent = Invitee.objects.filter(wave=current).remindable()
    if most is not None:
        silent = silent.filter(reminders__lt=most)
    asked = silent.update(reminders=F("reminders") + 1, reminded_at=timezone.now())
    if asked:
        # Who they are, the trail does not say: it would tell who has not answered.
        record("evaluations.wave_reminded", by=by, on=current, reminded=asked)
        _write_after_commit()
    elif by is not None:
        words = {"days": BETWEEN_MAILS.days}
        raise Refused(
            _("Nobody can be reminded now. Each gets two reminders at most, %(days)s days apart from other mails.")
            % words
        )
    return asked


@transaction.atomic
def take_out(*, invitee: Invitee, by: User) -> None:
    """Asks a company no more: its link opens nothing. What it may have answered counts on; nobody can tell.

    Twice is once.
    """
    insist(can_run_waves(by))
    rows = Invitee.objects.filter(pk=invitee.pk, is_taken_out=False, wave__status=Wave.Status.OPEN)
    if rows.update(is_taken_out=True, link_version=F("link_version") + 1):
        record("evaluations.invitee_taken_out", by=by, on=invitee, organisation_id=invitee.organisation_id)


@transaction.atomic
def send_new_link(*, invitee: Invitee, by: User) -> None:
    """Switches the old link off and sends another, for example when a mail went to the wrong people."""
    insist(can_run_waves(by))
    rows = Invitee.objects.filter(pk=invitee.pk, is_taken_out=False, wave__status=Wave.Status.OPEN)
    if not rows.update(link_version=F("link_version") + 1):
        raise Refused(_("Links are sent while a wave is open, to companies that are asked."))
    record("evaluations.link_replaced", by=by, on=invitee, organisation_id=invitee.organisation_id)
    _write_after_commit()


@transaction.atomic
def close_wave(*, wave: Wave, by: User | None) -> None:
    """Ends a wave for ever. `by` is None when its last day has passed.

    Half-way answers are deleted, the key is thrown away, and the answers are written anew under random ids and in
    random order: neither an old key, nor the order of rows, nor the transaction that wrote them leads to a company.
    What may be quoted is kept apart from the answers, and no other words are kept.
    """
    if by is not None:
        insist(can_run_waves(by))
    # Who hands in holds the own invitee's row: wait for them first, and none of them is cut in two.
    list(Invitee.objects.select_for_update().filter(wave=wave).order_by("pk").values_list("pk"))
    current = _locked(wave)
    if current.status != Wave.Status.OPEN:
        raise Refused(_("Only a wave that is open can be closed."))
    answered = _shuffle(current)
    Wave.objects.filter(pk=current.pk).update(status=Wave.Status.CLOSED, closed_at=timezone.now(), key=None)
    record("evaluations.wave_closed", by=by, on=current, asked=current.invitees.count(), answered=answered)
    preparations.start(wave=current, by=by)


def _shuffle(wave: Wave) -> int:
    kept = list(Response.objects.filter(wave=wave).complete())
    companies = {links.response_id(wave, each): each.company for each in wave.invitees.filter(has_answered=True)}
    quoting.take_out(wave, kept, companies)
    Response.objects.filter(wave=wave).delete()
    secrets.SystemRandom().shuffle(kept)
    for response in kept:
        response.pk = uuid4()
    Response.objects.bulk_create(kept)
    return len(kept)
