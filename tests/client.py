"""The test client is the reviewer: every page that any test loads is read for what must never be in one."""

import re
from collections import Counter

from allauth.core import context
from django.http import HttpResponse
from django.test import Client, TestCase
from lxml import html

UNDEFINED = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}undefined %s\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"
DATA_SCRIPTS = {"application/json", "application/ld+json"}
RUN_BY_BROWSER = {"href", "src", "action", "formaction", "hx-get", "hx-post", "hx-vals", "hx-headers"}
CONTROLS = "//input[not(@type='hidden' or @type='submit' or @type='button' or @type='reset')] | //select | //textarea"


def htmx(target: str, *, current_url: str = "http://testserver/") -> dict[str, str]:
    """The headers of a request by htmx whose answer goes into the element of that id."""
    return {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": current_url}


class CheckingClient(Client):
    """Django's client; what is to happen after the commit happens, and every HTML answer is checked."""

    def request(self, **request: object) -> HttpResponse:
        with TestCase.captureOnCommitCallbacks() as after_commit:
            response = super().request(**request)
        # Outside tests the view commits while allauth still knows the request.
        with context.request_context(response.wsgi_request):
            for callback in after_commit:
                callback()
        if response.get("Content-Type", "").startswith("text/html") and response.content.strip():
            check_html(response, where=f"{request.get('REQUEST_METHOD', 'GET')} {request.get('PATH_INFO')}")
        return response


def check_html(response: HttpResponse, *, where: str) -> None:
    """Fails with every fault of the page at once."""
    text = response.content.decode()
    page = html.document_fromstring(text)
    faults = [*_policy_faults(page), *_form_faults(page), *_text_faults(text, page)]
    if "<html" in text:
        faults += _page_faults(page)
        if "Content-Security-Policy" not in response:
            faults.append("no Content-Security-Policy")
    assert not faults, f"{where} ({response.status_code}):\n  " + "\n  ".join(faults)


def _policy_faults(page: html.HtmlElement) -> list[str]:
    """What the content security policy would block."""
    faults = [f"<{element.tag}> inline" for element in page.iter("style")]
    scripts = [script for script in page.iter("script") if not script.get("src")]
    faults += ["<script> inline" for script in scripts if script.get("type") not in DATA_SCRIPTS]
    for element in page.iter(html.etree.Element):
        for name, value in element.attrib.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                faults.append(f'<{element.tag} {name}="{value[:40]}">')
            elif name in RUN_BY_BROWSER and value.strip().lower().startswith(("javascript:", "js:")):
                faults.append(f'<{element.tag} {name}="{value[:40]}"> is script')
    return faults


def _form_faults(page: html.HtmlElement) -> list[str]:
    faults = [f"no label for {_tag(control)}" for control in page.xpath(CONTROLS) if not _is_labelled(page, control)]
    posting = [form for form in page.iter("form") if form.get("method", "get").lower() == "post"]
    bare = [form for form in posting if not form.xpath(".//input[@name='csrfmiddlewaretoken']")]
    return faults + [f"no CSRF token in the form to {form.get('action', 'the page itself')}" for form in bare]


def _is_labelled(page: html.HtmlElement, control: html.HtmlElement) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby") or control.xpath("ancestor::label"):
        return True
    return bool(control.get("id")) and bool(page.xpath("//label[@for=$id]", id=control.get("id")))


def _text_faults(text: str, page: html.HtmlElement) -> list[str]:
    faults = [
        f"left-over template tag: {found}" for found in re.findall(r"\{\{[^}]{0,40}|\{%[^%]{0,40}|\{#[^#]{0,40}", text)
    ]
    faults += [f"undefined template variable: {name}" for name in re.findall(UNDEFINED.replace("%s", "([^⟧]*)"), text)]
    twice = [name for name, times in Counter(page.xpath("//@id")).items() if times > 1]
    faults += [f'id="{name}" twice' for name in twice]
    shown = [found.strip() for found in page.xpath("//body//text()[not(ancestor::script)]")]
    faults += ["a value that is None is shown" for found in shown if re.search(r"(^|[\s:(])None$", found)]
    faults += [
        f'{name}="{value}"'
        for name in ("value", "href", "action")
        for value in page.xpath(f"//@{name}")
        if _is_none(value)
    ]
    return faults


def _is_none(value: str) -> bool:
    return value == "None" or "/None" in value


def _page_faults(page: html.HtmlElement) -> list[str]:
    faults = []
    if not page.get("lang"):
        faults.append("no lang on <html>")
    if not (page.findtext(".//title") or "").strip():
        faults.append("no title")
    if (count := len(page.xpath("//h1"))) != 1:
        faults.append(f"{count} <h1>")
    ids = set(page.xpath("//@id"))
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        named = {word for value in page.xpath(f"//@{name}") for word in value.split()}
        faults += [f'{name}="{missing}" names no element' for missing in sorted(named - ids)]
    return faults


def _tag(element: html.HtmlElement) -> str:
    named = element.get("name") or element.get("id") or "without a name"
    return f"<{element.tag} {named}>"
