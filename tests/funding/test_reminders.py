"""Before a deadline: who writes is told who has not confirmed, and partners are asked once more, each once."""

from datetime import timedelta

import pytest
import time_machine

from core import mail as mails
from core.models import Mail
from funding import links, reminding
from funding.models import Application, Partner
from tests.factories.funding import PartnerFactory
from tests.funding.applying import Ground, ground


@pytest.fixture
def g(organisation) -> Ground:
    found = ground(organisation)
    asked = {"status": "invited", "invited_at": found.call.deadline - timedelta(days=12)}
    Partner.objects.filter(pk=found.partner.pk).update(**asked, declared_at=None)
    found.partner.refresh_from_db()
    return found


def remind(g: Ground, *, days: float) -> None:
    with time_machine.travel(g.call.deadline - timedelta(days=days), tick=False):
        reminding.remind_due()
        reminding.remind_due()


def to_partner() -> list[Mail]:
    return list(Mail.objects.filter(key__startswith="partner-reminder:").order_by("pk"))


def test_a_partner_that_has_not_confirmed_is_asked_a_week_and_a_day_before(g):
    for days in (8, 6.9, 5, 0.9, 0.5):
        remind(g, days=days)

    first, second = to_partner()
    assert (first.to, first.subject) == ("kadri@emajoe.example", "7 days left to confirm: Clear water")
    assert second.subject == "1 day left to confirm: Clear water"
    assert links.token_of(g.partner) in first.text
    assert "Emajõe Filters has not confirmed its part yet" in first.text
    assert "/mail/stop/" in first.text


@pytest.mark.parametrize(
    "said",
    [
        {"status": "confirmed"},
        {"status": "declined"},
        {"status": "draft"},
        {"email": ""},
        {"is_lead": True},
    ],
)
def test_nobody_else_is_asked(g, said):
    Partner.objects.filter(is_lead=True).delete()
    Partner.objects.filter(pk=g.partner.pk).update(**said)
    remind(g, days=6)
    assert to_partner() == []


def test_who_was_asked_on_the_same_day_is_left_in_peace_until_the_last_one(g):
    Partner.objects.update(invited_at=g.call.deadline - timedelta(days=6.5))
    remind(g, days=6)
    assert to_partner() == []
    remind(g, days=0.9)
    assert len(to_partner()) == 1


def test_what_is_handed_in_reminds_nobody(g):
    Application.objects.update(status="submitted")
    remind(g, days=6)
    assert not Mail.objects.filter(key__contains="-reminder:").exists()


def test_who_stopped_these_mails_gets_none(g):
    mails.stop(address="kadri@emajoe.example", kind="applications")
    remind(g, days=6)
    assert to_partner()[0].status == Mail.Status.STOPPED


def test_whoever_writes_is_told_which_partners_have_not_confirmed(g, owner):
    PartnerFactory(application=g.application, name="Tartu <b>Pumps</b>", status="draft", email="", position=2)
    PartnerFactory(application=g.application, name="Third Company", confirmed=True, position=3)
    remind(g, days=6)

    mail = Mail.objects.get(key__startswith="application-reminder:", to=owner.email)
    assert "These partners have not confirmed yet: Emajõe Filters, Tartu <b>Pumps</b>." in mail.text
    assert "Tartu &lt;b&gt;Pumps" in mail.html


def test_where_all_have_confirmed_no_partner_is_named(g, owner):
    Partner.objects.update(status="confirmed")
    remind(g, days=6)
    assert "have not confirmed" not in Mail.objects.get(key__startswith="application-reminder:", to=owner.email).text
