"""The tables of a closed wave: made once, protected, for both audiences, and taken up where they stopped."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from core import runs
from core.actions import Refused
from core.models import AuditEvent
from evaluations import instrument, preparations, protection, tabulating
from evaluations.disclosure import Cell, Loss, Protected, Table, protect
from evaluations.models import Preparation, Publication
from evaluations.recoding import NO_ANSWER
from evaluations.tabulating import ANSWER
from tests.evaluations import grounds
from tests.factories.evaluations import WaveFactory


def published(wave, subject, *dimensions, audience="house"):
    return Publication.objects.get(wave=wave, subject=subject, dimensions=list(dimensions), audience=audience)


def shown(publication):
    return {tuple(row[:-2]): row[-2] for row in publication.table["cells"]}


def test_closing_makes_every_subject_alone_and_by_each_group_for_both_audiences(db):
    wave = grounds.closed_wave()
    preparation = grounds.prepare(wave)

    assert (preparation.done, preparation.total) == (5, 5)
    made = {
        (row.audience, row.subject, tuple(row.dimensions))
        for row in Publication.objects.filter(preparation=preparation)
    }
    for audience in ("house", "public"):
        for name in ("country", "experience", "section", "size_class"):
            assert (audience, "response", (name,)) in made
        for subject in ("barriers", "helped:knowledge", "helped:funding", "results"):
            assert {(audience, subject, ()), (audience, subject, ("size_class",))} <= made
    assert not any("why" in subject for _audience, subject, _dimensions in made), "texts are never counted"


def test_counts_are_those_of_the_complete_answers(db):
    wave = grounds.prepared()
    said = list(wave.responses.complete().values_list("answers", flat=True))
    cells = shown(published(wave, "barriers"))

    assert cells[(None,)] == len(said) == 100
    for barrier in grounds.BARRIERS:
        assert cells[(barrier,)] == sum(barrier in each["barriers"] for each in said)
    silent = shown(published(wave, "results"))
    assert silent[(NO_ANSWER,)] == sum("results" not in each for each in said)


def test_no_small_count_is_shown_and_small_groups_take_no_part(db):
    wave = grounds.prepared()
    for row in Publication.objects.filter(wave=wave):
        least = wave.fewest_in_house if row.audience == "house" else wave.fewest_in_public
        assert [n for n in shown(row).values() if n is not None and 0 < n < least] == []

    groups = {key[1] for key in shown(published(wave, "barriers", "size_class"))}
    assert groups == {"micro", "small", None}, "large is too small, and medium would give it away"


def test_what_is_public_follows_from_what_is_shown_in_house(db):
    """Public tables may be of fewer groups: a sum over these follows where each of them is shown."""
    wave = grounds.prepared()
    found = 0
    for public in Publication.objects.filter(wave=wave, audience="public"):
        house, cells = shown(published(wave, public.subject, *public.dimensions)), shown(public)
        groups = [key[-1] for key in cells if public.dimensions and key[-1] is not None]
        for key, n in cells.items():
            if n is None:
                continue
            is_sum = bool(public.dimensions) and key[-1] is None and public.table["where"]
            parts = [house[(*key[:-1], group)] for group in dict.fromkeys(groups)] if is_sum else [house[key]]
            assert None not in parts
            assert sum(parts) == n
            found += 1

    assert found >= 40


def test_figures_rest_on_shown_counts_alone(db):
    wave = grounds.prepared()
    for row in Publication.objects.filter(wave=wave).exclude(subject="response"):
        cells = shown(row)
        for share in row.figures["shares"]:
            key = (share["answer"], *share["group"])
            assert cells[key] == share["part"]
            base = cells[(None, *share["group"])]
            silent = cells.get((NO_ANSWER, *share["group"])) or 0
            assert share["n"] == base - silent
        for mean in row.figures["means"]:
            steps = [cells[(step, *mean["group"])] for step in grounds.STEPS]
            assert None not in steps
            assert mean["mean"] == pytest.approx(sum(place * n for place, n in enumerate(steps, 1)) / sum(steps))


def test_weighted_share_is_missing_where_a_group_hides_the_answer(db):
    wave = grounds.prepared()
    row = published(wave, "barriers", "size_class")
    cells = shown(row)
    groups = ("micro", "small")
    weighted = {share["answer"]: share for share in row.figures["weighted"]["shares"]}

    for barrier in grounds.BARRIERS:
        parts = [cells[barrier, group] for group in groups]
        assert (barrier in weighted) == (None not in parts)
    firms = {"micro": 96, "small": 60}
    expected = sum(firms[group] * cells["time", group] / cells[None, group] for group in groups) / 156
    assert weighted["time"]["value"] == pytest.approx(expected)
    assert row.figures["weighted"]["left_out"] == ["large", "medium"]


def test_wave_is_compared_with_the_one_before_of_the_same_questionnaire(db):
    before = grounds.prepared(seed=1, days_ago=300)
    wave = grounds.closed_wave(seed=2, lift=-0.35, version=before.version)
    grounds.prepare(wave)
    figures = published(wave, "barriers").figures
    changes = {row["answer"]: row for row in figures["changes"]}

    assert figures["since"] == {"wave": before.slug, "name": before.name}
    assert changes["time"]["is_clear"]
    assert changes["time"]["difference"] < 0
    assert changes["time"]["corrected"] >= changes["time"]["p"]


def test_wave_with_other_words_is_not_tested_against_the_one_before(db):
    before = grounds.prepared(days_ago=300)
    family = before.version.questionnaire
    version = grounds.VersionFactory(
        questionnaire=family, content=grounds.content(text=grounds.words("What holds your company back?"))
    )
    wave = grounds.closed_wave(version=version)
    grounds.prepare(wave)

    assert {row.get("refusal") for row in published(wave, "barriers").figures["changes"]} == {"other_wording"}
    assert "refusal" not in published(wave, "results").figures["changes"][0]


def test_too_few_answers_show_nothing_at_all(db):
    wave = grounds.prepared(sizes={"micro": 3})
    for row in Publication.objects.filter(wave=wave):
        assert {n for n in shown(row).values() if n} == set(), row
        assert row.figures.get("shares", []) == []


def test_wave_without_any_answer_is_prepared_too(db):
    wave = grounds.closed_wave(sizes={})

    assert grounds.prepare(wave).status == Preparation.Status.DONE


# --- starting, stopping, going on ------------------------------------------------------------------------------------


def test_open_wave_is_not_prepared(db, manager):
    with pytest.raises(Refused, match="Close the wave first"):
        preparations.start(wave=WaveFactory(), by=manager)


def test_wave_is_prepared_once_at_a_time(db, manager):
    wave = grounds.closed_wave(sizes={})
    preparations.start(wave=wave, by=manager)

    with pytest.raises(Refused, match="are being made"):
        preparations.start(wave=wave, by=manager)
    assert AuditEvent.objects.filter(action="evaluations.preparation_started").count() == 1


def test_evaluator_starts_no_preparation(db, evaluator):
    with pytest.raises(Exception, match="Only cluster managers run surveys"):
        preparations.start(wave=grounds.closed_wave(sizes={}), by=evaluator)


def test_preparation_goes_on_where_a_killed_worker_stopped(db, monkeypatch):
    wave = grounds.closed_wave(sizes={"micro": 20, "small": 20})
    preparation = preparations.start(wave=wave, by=None)
    publish, made = protection.publish, []

    def killed(**named):
        if len(made) == 11:
            raise KeyboardInterrupt
        made.append(named["subject"])
        return publish(**named)

    monkeypatch.setattr(protection, "publish", killed)
    with pytest.raises(KeyboardInterrupt):
        preparations.execute(preparation.pk)
    monkeypatch.undo()
    there = set(Publication.objects.filter(wave=wave).values_list("pk", flat=True))
    assert len(there) == 11
    assert runs.left_behind(Preparation) == []

    Preparation.objects.filter(pk=preparation.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert runs.left_behind(Preparation) == [preparation.pk]
    preparations.execute(preparation.pk)
    preparation.refresh_from_db()

    assert preparation.status == Preparation.Status.DONE
    after = Publication.objects.filter(wave=wave)
    assert there < set(after.values_list("pk", flat=True))
    assert after.values("audience", "subject", "dimensions").distinct().count() == after.count() == 24


# --- the door --------------------------------------------------------------------------------------------------------


def test_public_table_comes_after_the_in_house_one_of_its_kind(db):
    wave = grounds.closed_wave()
    answered = tabulating.frame(wave.responses.complete().values(*tabulating.GROUPS, "answers"))
    (subject, *_rest) = tabulating.subjects(wave.questionnaire)
    named = {"wave": wave, "subject": subject.name, "about": subject}
    alone = tabulating.table(answered, subject, threshold=10)
    by_size = tabulating.table(answered, subject, ["size_class"], threshold=10)
    protection.publish(**named, audience="house", table=alone)

    protection.publish(**named, audience="public", table=alone)
    with pytest.raises(Refused, match="Make that one first"):
        protection.publish(**named, audience="public", table=by_size)


def test_public_table_may_show_only_what_follows_from_the_in_house_one():
    """Of fewer groups: a sum over them follows where each of them is shown."""
    answers, sizes = ("time", "money"), ("micro", "small", "medium")
    counts = dict.fromkeys(itertools.product((*answers, None), (*sizes, None)), 30)
    cells = {key: Cell(n) for key, n in counts.items()} | {("time", "small"): Cell(None, "complementary")}
    house = Protected((ANSWER, "size_class"), cells, 5, Loss(0, 0, 0, 0, 0.0, 0.0))
    made = Publication(audience="house", dimensions=["size_class"], table=protection.as_json(house))
    raw = dict.fromkeys(itertools.product(answers, sizes[:2]), 30)
    table = Table((ANSWER, "size_class"), raw, 10, where={"size_class": sizes[:2]})

    assert protection.for_public([made], table).unsafe == {("time", "small"), ("time", None)}


def test_subject_that_is_public_alone_gets_no_in_house_table_later(db):
    """It would be protected without regard to what everybody has read."""
    wave = grounds.closed_wave()
    answered = tabulating.frame(wave.responses.complete().values(*tabulating.GROUPS, "answers"))
    (subject, *_rest) = tabulating.subjects(instrument.read(wave.version.content))
    named = {"wave": wave, "subject": subject.name, "about": subject}
    protection.publish(**named, audience="public", table=tabulating.table(answered, subject, threshold=10))

    with pytest.raises(Refused, match="out in public without an in-house table"):
        protection.publish(**named, audience="house", table=tabulating.table(answered, subject, threshold=5))


def test_same_table_asked_for_again_is_as_it_was(db):
    wave = grounds.closed_wave()
    answered = tabulating.frame(wave.responses.complete().values(*tabulating.GROUPS, "answers"))
    (subject, *_rest) = tabulating.subjects(instrument.read(wave.version.content))
    named = {"wave": wave, "audience": "house", "subject": subject.name, "about": subject}
    first = protection.publish(**named, table=tabulating.table(answered, subject, threshold=5))
    fewer = protection.publish(**named, table=tabulating.table(answered[:50], subject, threshold=5))

    assert fewer == first
    assert Publication.objects.count() == 1


def test_protected_table_comes_back_from_the_database_as_it_was(db):
    wave = grounds.prepared()
    for row in Publication.objects.filter(wave=wave):
        protected = protection.from_json(row.table)
        assert protection.as_json(protected) == row.table
        assert protected.dimensions == ((ANSWER,) if row.subject != "response" else ()) + tuple(row.dimensions)


@pytest.mark.parametrize("audience", ["house", "public"])
def test_subject_alone_is_shown_as_it_would_be_without_its_breakdowns(db, audience):
    wave = grounds.prepared(sizes={"micro": 30, "small": 22, "medium": 18}, seed=7)
    made = Publication.objects.filter(wave=wave, audience=audience).order_by("pk")
    sizes = [protection.from_json(row.table) for row in made if row.subject == "response"]
    of_a_subject = {name: [row for row in made if row.subject == name] for name in {row.subject for row in made}}
    del of_a_subject["response"]

    assert len(of_a_subject) >= 3
    for name, (alone, *groups) in of_a_subject.items():
        assert (alone.dimensions, all(row.dimensions for row in groups)) == ([], True), name
        if audience == "house":
            subject = next(each for each in tabulating.subjects(wave.questionnaire) if each.name == name)
            answered = tabulating.frame(wave.responses.complete().values(*tabulating.GROUPS, "answers"))
            table = protect(tabulating.table(answered, subject, threshold=5), sizes)
            assert protection.as_json(table)["cells"] == alone.table["cells"], name
