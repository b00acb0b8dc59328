"""The reviewer reviewed: each fault in a page makes the test that loads it fail."""

import pytest
from django.http import HttpResponse

from tests.client import check_html

PAGE = """<!doctype html><html lang="en"><head><title>Members</title></head>
<body><main><h1>Members</h1>{}</main></body></html>"""


def respond(text: str) -> HttpResponse:
    return HttpResponse(text, headers={"Content-Security-Policy": "default-src 'none'"})


def test_a_sound_page_passes():
    sound = """<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="x">
        <label for="name">Name</label><input id="name" aria-describedby="help"><p id="help">None of it is shown.</p>
        <label>Town <input name="town"></label></form>
        <script src="/static/portal.js"></script><script type="application/json">{"a": "{% b %}"}</script>"""
    check_html(respond(PAGE.format(sound.replace("{% b %}", ""))), where="a page")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("<p onclick='go()'>Go</p>", "onclick"),
        ("<p hx-on:click='go()'>Go</p>", "hx-on"),
        ("<p style='color: red'>Red</p>", "style="),
        ("<style>p { color: red }</style>", "<style> inline"),
        ("<script>go()</script>", "<script> inline"),
        ("<a href='javascript:go()'>Go</a>", "is script"),
        ("<p>{{ name }}</p>", "left-over template tag"),
        ("<p>{% load x %}</p>", "left-over template tag"),
        ("<p>⟦undefined name⟧</p>", "undefined template variable: name"),
        ("<h1>Again</h1>", "2 <h1>"),
        ("<p id='a'></p><p id='a'></p>", 'id="a" twice'),
        ("<input name='town'>", "no label for <input town>"),
        ("<textarea id='note'></textarea>", "no label for <textarea note>"),
        ("<form method='post'></form>", "no CSRF token"),
        ("<label for='nobody'>Name</label>", 'for="nobody" names no element'),
        ("<p aria-describedby='nobody'>Name</p>", 'aria-describedby="nobody" names no element'),
        ("<dd> None </dd>", "None is shown"),
        ("<p>Region: None</p>", "None is shown"),
        ("<label>Town <input value='None'></label>", 'value="None"'),
        ("<a href='/members/None/'>Go</a>", 'href="/members/None/"'),
    ],
)
def test_a_fault_is_found(fault, message):
    with pytest.raises(AssertionError) as found:
        check_html(respond(PAGE.replace("{}", fault)), where="a page")

    assert message in str(found.value)
    assert "a page (200)" in str(found.value)


@pytest.mark.parametrize(
    ("whole", "changed", "message"),
    [
        (' lang="en"', "", "no lang"),
        ("<title>Members</title>", "<title> </title>", "no title"),
        ("<h1>Members</h1>", "", "0 <h1>"),
    ],
)
def test_a_fault_of_the_frame_is_found(whole, changed, message):
    with pytest.raises(AssertionError, match=message):
        check_html(respond(PAGE.replace(whole, changed)), where="a page")


def test_a_page_without_the_policy_is_found():
    with pytest.raises(AssertionError, match="no Content-Security-Policy"):
        check_html(HttpResponse(PAGE), where="a page")


def test_a_part_of_a_page_needs_no_frame():
    check_html(HttpResponse("<ul id='results'><li>Åsa</li></ul>"), where="a part")
