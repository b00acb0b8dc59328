"""The receipt on paper."""

from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.clocks import day_and_time, second_in
from core.typesetting import pdf
from funding.models import Submission
from members.emails import letterhead

TEMPLATE = Path(__file__).parent.parent / "receipts" / "receipt.typ"


def receipt_pdf(submission: Submission) -> bytes:
    """Number, moment with its zone and hash of what was handed in. The same bytes each time."""
    application = submission.application
    call, content = application.call, submission.content
    facts = [
        (_("Application"), application.reference),
        (_("Title"), content.get("title") or application.title),
        (_("Lead"), application.lead.name),
        (_("Partners"), ", ".join(each["name"] for each in content.get("partners", []) if not each["is_lead"])),
        (_("Call"), call.name),
        (_("Deadline"), second_in(call.deadline, call.time_zone)),
        (_("Handed in"), second_in(submission.at, call.time_zone)),
        (_("Handed in by"), submission.by),
        (_("Version"), str(submission.number)),
    ]
    words = {
        "title": _("Receipt"),
        "language": get_language() or "en",
        "cluster": letterhead()["cluster"]["name"],
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "hash_label": _("SHA-256 of what was handed in"),
        "hash": submission.sha256,
        "note": _("The portal keeps what was handed in word for word. The hash proves that nobody changed it since."),
        "date": [submission.at.year, submission.at.month, submission.at.day],
        "footer": day_and_time(submission.at, call.time_zone),
    }
    return pdf(TEMPLATE, words, moment=submission.at)
