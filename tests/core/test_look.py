"""Style sheets, icons and templates agree with each other, and a strict content security policy holds."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
PAGES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if path.parent.name != "emails"]
# Classes that only name a thing: lists without bullets, the default of a notice, a widget's type, a sign for Plotly.
ELSEWHERE = {"tab-list", "step-list", "info", "checkbox", "no-inline-styles"}


def test_what_every_page_loads_stays_under_40_kb_and_a_sheet_of_some_pages_under_8() -> None:
    named = set(re.findall(r"css/([\w-]+\.css)", (ROOT / "templates/_components/styles.html").read_text()))
    everywhere = [path for path in SHEETS if path.name in named]
    assert len(everywhere) == 5
    assert sum(path.stat().st_size for path in everywhere) < 40_000
    assert max(path.stat().st_size for path in SHEETS if path not in everywhere) < 8_000


def test_every_rule_stands_in_a_layer() -> None:
    order = re.search(r"@layer ([\w, ]+);", (ROOT / "static/css/tokens.css").read_text())
    layers = order.group(1).split(", ")
    assert layers == ["reset", "tokens", "base", "layout", "components", "utilities"]
    for path in SHEETS:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        outside, depth = "", 0
        for character in text:
            depth += {"{": 1, "}": -1}.get(character, 0)
            outside += character if depth == 0 else ""
        names = re.findall(r"@layer (\w+) ", outside)
        assert names
        assert set(names) <= set(layers)
        assert not re.sub(r"@layer [\w, ]+;?|[}\s]", "", outside), path.name


def test_every_custom_property_in_use_has_a_value() -> None:
    text = "".join(path.read_text() for path in SHEETS)
    used = set(re.findall(r"var\((--[\w-]+)", text))
    assert used - set(re.findall(r"(--[\w-]+):", text)) == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_pages_hold_no_inline_style_or_handler(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"\sstyle=|\son[a-z]+=|\shx-on|<style|javascript:|<script(?![^>]*\ssrc=)", text) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_classes_of_pages_have_a_rule(path: Path) -> None:
    ruled = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(sheet.read_text() for sheet in SHEETS)))
    text = re.sub(r"\{[%{#].*?[%}#]\}", " ", path.read_text(), flags=re.DOTALL)
    used = {name for value in re.findall(r'class="([^"]*)"', text) for name in value.split()}
    assert used - ruled - ELSEWHERE == set()


def test_icons_that_templates_name_are_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text()))
    named = {
        name for path in PAGES for name in re.findall(r'_components/icon\.html" with name="([\w-]+)"', path.read_text())
    }
    assert {"search", "mark", "undo"} <= named
    assert named - drawn == set()


@pytest.mark.parametrize("kind", ["partnering", "tender", "funding", "event"])
def test_every_kind_of_opportunity_has_a_sign_and_a_word(kind: str) -> None:
    text = render_to_string("_components/kind.html", {"kind": kind, "label": "Its word"})
    assert f"#{kind}" in text
    assert "Its word" in text
    assert f'id="{kind}"' in (ROOT / "static/img/icons.svg").read_text()


def test_the_last_error_page_needs_nothing() -> None:
    text = render_to_string("500.html")
    assert "Something broke on our side" in text
    assert "css/tokens" in text


def test_the_text_of_a_mail_is_plain_and_complete() -> None:
    context = {"cluster": {"name": "Havsbris & Friends"}, "action_url": "https://havsbris.example/?a=1&b=2"}
    text = render_to_string("emails/test_message.txt", context)
    assert "Havsbris & Friends can reach you" in text
    assert "https://havsbris.example/?a=1&b=2" in text
    assert "<" not in text
    assert "Havsbris &amp; Friends" in render_to_string("emails/test_message.html", context)
    assert render_to_string("emails/test_message.subject.txt", context).strip() == "Mail from Havsbris & Friends works"
