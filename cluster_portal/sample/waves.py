"""The sample's surveys: one wave of the members a year; three have closed, this year's is open.

As with the round that is over, the actions refuse what lies in the past. Each wave is lived through today, and its
dates are moved back then; answers have no date to be moved.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from cluster_portal.sample import CONTENT
from cluster_portal.sample.round_steps import chance
from evaluations import instrument, preparations, reporting
from evaluations.actions import answering, questionnaires, waves
from evaluations.models import Invitee, Preparation, Questionnaire, Quote, Report, Wave
from evaluations.models.publications import Audience
from members.models import User

OPEN_DAYS = 21
SAYS_SOMETHING = 0.3
QUOTED = 3
STEPS = ("not_at_all", "a_little", "much", "very_much")
SPREAD = 0.7
# Small firms lack hands, larger ones stumble over rules: what is added to a share, in per cent.
BY_SIZE = {
    "micro": {"time": 14, "money": 10, "regulation": -10, "sales": -4},
    "small": {"time": 4, "skills": 4},
    "medium": {"time": -14, "money": -14, "regulation": 14, "agreement": 6, "sales": 6},
    "large": {"time": -20, "money": -30, "regulation": 20},
}

Told = dict[str, Any]
Said = dict[str, Any]
Says = Callable[[Told, Invitee, Sequence[Told], Random], Said]


def content() -> Told:
    """The content file of the surveys."""
    return tomllib.loads((CONTENT / "waves.toml").read_text(encoding="utf-8"))


def load(*, by: User) -> None:
    """The three waves that have closed, and the one that is open."""
    told = content()
    questionnaire = _questionnaire(told["questionnaire"], by=by)
    for wave in told["wave"]:
        if wave["version"] > questionnaire.versions.count():
            _reword(questionnaire, told["questionnaire"], by=by)
        _closed(questionnaire, wave, told, by=by, name="Members", says=_member_says)
    _boosters(told, by=by)
    for preparation in Preparation.objects.filter(status=Preparation.Status.QUEUED).order_by("pk"):
        preparations.execute(preparation.pk)
    _report(by=by)
    running = told["running"]
    closes_at = timezone.now() + timedelta(days=running["open_for"])
    wave = _answered(questionnaire, running, told, closes_at=closes_at, by=by, name="Members", says=_member_says)
    opened_at = closes_at - timedelta(days=OPEN_DAYS)
    Wave.objects.filter(pk=wave.pk).update(created_at=opened_at - timedelta(days=7), opened_at=opened_at)
    Invitee.objects.filter(wave=wave).update(created_at=opened_at)


def _report(*, by: User) -> None:
    """The yearly report of the newest wave that has closed, as it would go to a funder."""
    wave = Wave.objects.with_results()[0]
    cut_off = date(timezone.localdate(wave.closed_at).year, 12, 31)
    said = {quote.text: quote.pk for quote in Quote.objects.filter(wave=wave).order_by("text", "-pk")}
    report = reporting.start(
        by=by,
        kind=Report.Kind.YEARLY,
        title=f"Havsbris {cut_off.year}",
        audience=Audience.PUBLIC,
        wave=wave,
        cut_off=min(cut_off, timezone.localdate()),
        quotes=sorted(said.values())[:QUOTED],
    )
    reporting.execute(report.pk)


# Questionnaires


def _questionnaire(told: Told, *, by: User) -> Questionnaire:
    shipped = instrument.shipped()[told["template"]]
    questionnaire = questionnaires.add_questionnaire(
        name=told["name"], purpose=told["purpose"], template=told["template"], content=shipped, by=by
    )
    questionnaires.publish(questionnaire=questionnaire, by=by)
    return questionnaire


def _boosters(told: Told, *, by: User) -> None:
    """What drives and what slows, asked of the members: the part of the template that companies can answer."""
    own = told["self_assessment"]
    questionnaire = questionnaires.add_questionnaire(
        name=own["name"],
        purpose=own["purpose"],
        template=own["template"],
        content=instrument.shipped()[own["template"]],
        by=by,
    )
    draft = questionnaire.versions.get()
    kept = [question for question in draft.content["questions"] if question["key"] not in own["left_out"]]
    draft.content |= {"title": own["title"], "intro": own["intro"], "questions": kept}
    draft.save(update_fields=["content"])
    questionnaires.publish(questionnaire=questionnaire, by=by)
    for wave in own["wave"]:
        _closed(questionnaire, wave, told, by=by, name=own["wave_name"], says=_boosters_say)


def _reword(questionnaire: Questionnaire, told: Told, *, by: User) -> None:
    draft = questionnaires.begin_version(questionnaire=questionnaire, by=by)
    for question in draft.content["questions"]:
        if question["key"] == told["reworded_question"]:
            option = next(each for each in question["options"] if each["key"] == told["reworded_option"])
            option["text"] = told["reworded"]
    draft.save(update_fields=["content"])
    questionnaires.publish(questionnaire=questionnaire, by=by)


# Waves


def _closed(questionnaire: Questionnaire, told: Told, all_told: Told, *, by: User, name: str, says: Says) -> None:
    closed_at = timezone.now() - timedelta(days=told["days"])
    wave = _answered(questionnaire, told, all_told, closes_at=closed_at, by=by, name=name, says=says)
    waves.close_wave(wave=wave, by=by)
    opened_at = closed_at - timedelta(days=OPEN_DAYS)
    Wave.objects.filter(pk=wave.pk).update(
        created_at=opened_at - timedelta(days=7), opened_at=opened_at, closes_at=closed_at, closed_at=closed_at
    )
    Invitee.objects.filter(wave=wave).update(created_at=opened_at)


def _answered(
    questionnaire: Questionnaire, told: Told, all_told: Told, *, closes_at: datetime, by: User, name: str, says: Says
) -> Wave:
    """A wave that is named for the year of its last day, open, and answered as far as it is."""
    wave = waves.add_wave(
        by=by,
        name=f"{name} {closes_at.year}",
        version=questionnaire.versions.get(number=told["version"]),
        closes_at=max(closes_at, timezone.now() + timedelta(days=2)),
        note=all_told["note"],
    )
    waves.open_wave(wave=wave, by=by)
    for invitee in _who_answer(wave, told["answer"]):
        random = chance(wave.name, invitee.email)
        _hand_in(invitee, says(told, invitee, all_told["quote"], random))
    return wave


def _who_answer(wave: Wave, share: float) -> Iterable[Invitee]:
    invitees = Invitee.objects.filter(wave=wave).select_related("wave__version").order_by("email")
    return [each for each in invitees if chance("answers", wave.name, each.email).random() < share]


def _hand_in(invitee: Invitee, said: Said) -> None:
    saved = answering.save(invitee=invitee, posted=said, seen={}, hand_in=True)
    if saved.errors:
        raise RuntimeError(f"The sample's answers do not fit their questionnaire: {saved.errors}")


# What they say


def _member_says(told: Told, invitee: Invitee, quotes: Sequence[Told], random: Random) -> Said:
    own = BY_SIZE.get(invitee.size_class, {})
    said: Said = {
        "size_class": invitee.size_class or "small",
        "barriers": _some(told["barriers"], own, random, most=3) or ["nothing"],
        "helped": _helped(told, random),
        "role": _some(told["role"], {}, random, most=3) or ["nothing"],
        "results": _some(told["results"], own, random) or ["nothing"],
    }
    if random.random() < SAYS_SOMETHING:
        quote = random.choice(quotes)
        said |= {"quote": quote["words"], "quote_permission": quote["permission"]}
    return said


def _boosters_say(told: Told, _invitee: Invitee, _quotes: Sequence[Told], random: Random) -> Said:
    return {side: _some(told[side], {}, random) or ["nothing"] for side in ("boosters", "blockers")}


def _some(shares: Mapping[str, int], own: Mapping[str, int], random: Random, most: int | None = None) -> list[str]:
    """Each option in its share; where there are too many, the likelier ones."""
    drawn = {key: random.random() - (share + own.get(key, 0)) / 100 for key, share in shares.items()}
    chosen = sorted((key for key, short in drawn.items() if short < 0), key=drawn.__getitem__)[:most]
    return [key for key in shares if key in chosen]


def _helped(told: Told, random: Random) -> dict[str, str]:
    return {
        row: STEPS[min(max(round(random.gauss(mean, SPREAD)), 1), len(STEPS) - 1)]
        if random.random() < told["used"][row] / 100
        else "not_used"
        for row, mean in told["helped"].items()
    }
