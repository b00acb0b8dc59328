"""Letters: their ready-made words, the places in them, and what stands there for one application."""

import re
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import typesetting
from core.templatetags.portal import cents
from funding.asking import content_of
from funding.models import Decision, FundingCall, Letter, LetterTemplate, Partner
from funding.windows import appeal_until
from members.models import Organisation

Kind = LetterTemplate.Kind
TEMPLATE = Path(__file__).parent / "paper" / "letter.typ"
PLACE = re.compile(r"\{([^{}]*)\}")
PLACES: dict[str, str | Promise] = {
    "applicant": gettext_lazy("The lead of the consortium"),
    "title": gettext_lazy("The title of the application"),
    "reference": gettext_lazy("Its number"),
    "call": gettext_lazy("The name of the call"),
    "reasons": gettext_lazy("The reasons of the decision, or of the answer to an appeal"),
    "amounts": gettext_lazy("What each partner gets from whom, one a line; nothing if nobody gets anything"),
    "place": gettext_lazy("The place on the reserve list"),
    "appeal_until": gettext_lazy("The last moment to appeal, with its time zone"),
    "contact": gettext_lazy("The address for questions"),
}
READY: dict[str, tuple[str | Promise, str | Promise]] = {
    Kind.FUNDED: (
        gettext_lazy("{reference}: your project is funded"),
        gettext_lazy(
            "To {applicant}\n\nYour application “{title}” to the call “{call}” is funded.\n\n{amounts}\n\n"
            "Reasons\n\n{reasons}\n\nThis letter is not the grant agreement. We write to you about the next steps.\n\n"
            "You can appeal until {appeal_until}. Questions: {contact}"
        ),
    ),
    Kind.RESERVE: (
        gettext_lazy("{reference}: your project is on the reserve list"),
        gettext_lazy(
            "To {applicant}\n\nYour application “{title}” to the call “{call}” is good enough to be funded, but the "
            "money does not reach it now. It has place {place} on the reserve list. We write to you when money comes "
            "free.\n\nReasons\n\n{reasons}\n\nYou can appeal until {appeal_until}. Questions: {contact}"
        ),
    ),
    Kind.REJECTED: (
        gettext_lazy("{reference}: your project is not funded"),
        gettext_lazy(
            "To {applicant}\n\nYour application “{title}” to the call “{call}” is not funded.\n\nReasons\n\n{reasons}"
            "\n\nYou can appeal until {appeal_until}. Questions: {contact}"
        ),
    ),
    Kind.INELIGIBLE: (
        gettext_lazy("{reference}: your application is not eligible"),
        gettext_lazy(
            "To {applicant}\n\nYour application “{title}” does not meet the rules of the call “{call}”, so it was not "
            "ranked.\n\nReasons\n\n{reasons}\n\nYou can appeal until {appeal_until}. Questions: {contact}"
        ),
    ),
    Kind.DISMISSED: (
        gettext_lazy("{reference}: the decision stands"),
        gettext_lazy(
            "To {applicant}\n\nWe have looked again at the decision on your application “{title}” to the call "
            "“{call}”. It stands.\n\nReasons\n\n{reasons}\n\nQuestions: {contact}"
        ),
    ),
}  # fmt: skip


def words_of(call: FundingCall, kind: str) -> tuple[str, str]:
    """Subject and text: the call's own, or the ready-made ones."""
    if own := call.letter_templates.filter(kind=kind).first():
        return own.subject, own.text
    subject, text = READY[kind]
    return str(subject), str(text)


def unknown_places(words: str) -> list[str]:
    """Places that nothing stands for, and brackets that are no place."""
    unknown = [found[0] for found in PLACE.finditer(words) if found[1] not in PLACES]
    return unknown + [sign for sign in "{}" if sign in PLACE.sub("", words)]


def filled(decision: Decision, kind: str, *, reasons: str = "", at: datetime | None = None) -> tuple[str, str]:
    """Subject and text of the letter for this decision, told at a moment."""
    values = _values(decision, reasons or decision.reasons, decision.told_at or at or timezone.now())
    subject, text = (
        PLACE.sub(lambda found: values[found[1]], words) for words in words_of(decision.application.call, kind)
    )
    # What is empty leaves no hole.
    return " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", text).strip()


def _values(decision: Decision, reasons: str, told_at: datetime) -> dict[str, str]:
    application = decision.application
    content = content_of(application)
    return {
        "applicant": content.get("lead") or application.lead.name,
        "title": content.get("title") or application.title,
        "reference": application.reference,
        "call": application.call.name,
        "reasons": reasons,
        "amounts": "\n".join(amounts(decision)),
        "place": str(decision.reserve_place or ""),
        "appeal_until": appeal_until(decision, told_at),
        "contact": application.call.contact_email,
    }


def amounts(decision: Decision, *, partner: Partner | None = None) -> list[str]:
    """What each partner gets from whom; `partner`: what this one gets."""
    rows = decision.awards.filter(given_up_at=None).select_related("partner", "funder")
    rows = rows.filter(partner=partner) if partner else rows
    names = {each["id"]: each["name"] for each in content_of(decision.application).get("partners", [])}
    said = _("%(partner)s: %(amount)s from %(funder)s")
    return [
        said % {"partner": names.get(each.partner_id) or each.partner.name, "amount": cents(each.amount_eur),
                "funder": each.funder.name}
        for each in rows.order_by("partner__position", "partner")
    ]  # fmt: skip


def pdf_of(letter: Letter) -> bytes:
    """The letter on paper: the same bytes each time."""
    call = letter.decision.application.call
    home = Organisation.objects.filter(is_home=True).first()
    local = letter.sent_at.astimezone(call.zone)
    content = {
        "language": "en",
        "cluster": home.name if home else "",
        "title": letter.subject,
        "sent": date_format(local.date(), "j F Y"),
        "reference": letter.decision.application.reference,
        "paragraphs": letter.text.split("\n\n"),
        "day": {"year": local.year, "month": local.month, "day": local.day},
    }
    return typesetting.pdf(TEMPLATE, content, moment=letter.sent_at)
