"""Evaluators and reviewers are led to no page that is closed to them: every link of their pages is followed."""

from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from lxml import html

from members.models import Membership
from tests.factories.evaluations import WaveFactory
from tests.factories.funding import AssignmentFactory, FunderFactory
from tests.factories.members import MembershipFactory

# Signing out, and files that are no pages.
LEFT_OUT = ("/accounts/", "/static/")
MOST_PAGES = 120


def links_of(path: str, content: bytes) -> set[str]:
    """Where the links of a page lead within the portal, without what follows a question mark."""
    found = (urldefrag(urljoin(path, href)).url for href in html.fromstring(content).xpath("//a/@href"))
    return {urlsplit(each).path for each in found if not urlsplit(each).netloc and not each.startswith("mailto:")}


@pytest.mark.parametrize("role", [Membership.Role.EVALUATOR, Membership.Role.REVIEWER])
def test_no_link_leads_to_a_closed_page(sign_in, home, role):
    user = MembershipFactory(organisation=home, role=role).user
    WaveFactory(closed=True)
    FunderFactory()
    if role == Membership.Role.REVIEWER:
        AssignmentFactory(reviewer__user=user, reviewer__call__in_review=True, open=True)
    client, seen, waiting, closed = sign_in(user), set(), ["/", "/members/settings/"], []
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop()
        if path in seen or path.startswith(LEFT_OUT):
            continue
        seen.add(path)
        answer = client.get(path, follow=True)
        if answer.status_code in (403, 404):
            closed.append(path)
        elif "text/html" in answer["Content-Type"]:
            waiting += links_of(answer.request["PATH_INFO"], answer.content) - seen

    assert closed == []
    assert len(seen) > 5
