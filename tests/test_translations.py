"""What a survey's link opens, and its mails, are whole in each language that they speak."""

import re
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from core.embedded import PROJECT
from matchmaking.forms.feedback import OutcomeForm
from tests import translations

MAILS = ("survey", "survey_link", "survey_more_time", "survey_reminder", "follow_up", "follow_up_reminder")
TEMPLATES = [
    *(
        f"evaluations/{name}.html"
        for name in (
            "answer", "thanks", "decline", "too_late", "link_dead", "link_sent", "follow_up", "follow_up_dead",
        )
    ),
    *(f"emails/{name}.{part}" for name in MAILS for part in ("subject.txt", "txt", "html")),
    "_forms/field.html",  # Django asks for it by itself
    "mail_stop.html",
    "mail_stop_unknown.html",
    "members/withdraw_consent.html",
    "members/consent_unknown.html",
    "429.html",
]  # fmt: skip
MODULES = [
    "cluster_portal/navigation.py",
    "evaluations/actions/answering.py",
    "evaluations/actions/outcomes.py",
    "evaluations/answer_words.py",
    "evaluations/forms/answers.py",
    "evaluations/views/answering.py",
    "evaluations/views/follow_ups.py",
]
LANGUAGES = [each for each in settings.LINK_LANGUAGES if each != settings.LANGUAGE_CODE]
CATALOGUES = sorted([*PROJECT.glob("words/*/LC_MESSAGES/*.po"), *PROJECT.glob("locale/*/LC_MESSAGES/*.po")])


def needed() -> set[translations.Message]:
    found = translations.of_templates(*TEMPLATES) | translations.of_form(OutcomeForm)
    return found | translations.of_modules(*(PROJECT / name for name in MODULES))


def catalogue(language: str):
    path = PROJECT / "locale" / language / "LC_MESSAGES" / "django.po"
    return {
        (message.context, message.id if isinstance(message.id, str) else tuple(message.id)): message.string
        for message in read_po(BytesIO(path.read_bytes()))
        if message.id
    }


def test_texts_are_found_in_what_is_extended_and_included_and_in_each_branch():
    found = {text for _context, text in needed()}

    assert {"Hand in", "Skip to the content", "Sign out", "Saved as you go", "Stop these mails"} <= found
    assert ("For %(company)s. About %(n)s minute.", "For %(company)s. About %(n)s minutes.") in found
    assert {"Last reminder: %(title)s", "We wait for your answer: %(title)s"} <= found
    assert {"Give an answer.", "An agreement", "under EUR 10,000", "Our profile"} <= found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_no_translation_is_left_over(language):
    there = {message for message, words in catalogue(language).items() if all(words)}

    missing, left_over = needed() - there, set(catalogue(language)) - needed()
    assert not missing, f"Add to locale/{language}: {sorted(map(str, missing))}"
    assert not left_over, f"Nothing asks for this any more in locale/{language}: {sorted(map(str, left_over))}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_filled_in_there_too(language):
    names = re.compile(r"%\(\w+\)s")
    for (_context, text), words in catalogue(language).items():
        forms = zip(text, words, strict=True) if isinstance(text, tuple) else [(text, words)]
        for said, translated in forms:
            assert sorted(names.findall(said)) == sorted(names.findall(translated)), said
            assert re.search(r"\s$|!", translated) is None, translated


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-4:-2]))
def test_compiled_words_are_those_of_their_catalogue(path):
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(path.read_bytes())))
    found = path.with_suffix(".mo")

    assert found.exists(), "run make setup: it compiles what pages say in other languages"
    assert found.read_bytes() == compiled.getvalue(), "run make setup: the compiled words are older than their text"


def test_no_page_of_ours_says_words_that_account_pages_say_in_another_sense():
    """Words of the account pages hold everywhere: "Manage" on a page of ours would read "See the keys"."""
    with (PROJECT / "words/en/LC_MESSAGES/django.po").open("rb") as file:
        words = {each.id: each.string for each in read_po(file) if isinstance(each.id, str) and each.id}
    theirs = tuple(str(PROJECT / "templates" / name) for name in ("account", "allauth", "mfa", "usersessions"))
    pages = [each for each in (PROJECT / "templates").rglob("*.*") if not str(each).startswith(theirs)]
    assert len(pages) > 300
    found = [
        (page.name, said, words[said])
        for page in pages
        for said in re.findall(r'{% translate "([^"]+)"', page.read_text(encoding="utf-8"))
        if words.get(said, said) != said
    ]
    assert found == []
