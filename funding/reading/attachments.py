"""Files of an application, by what they were asked for."""

from django.utils.translation import gettext as _

from funding import checklist, files
from funding.models import Application, Partner, Question


def slots(
    application: Application, partner: Partner | None, *, fault: str = "", at: int = 0
) -> list[dict[str, object]]:
    """A place for each question that asks for a file, with what is there; the consortium has one for others, too."""
    asked = list(application.call.questions.filter(kind=Question.Kind.FILE).select_related("funder"))
    if partner is None:
        asked = [each for each in asked if each.asked_of == Question.AskedOf.CONSORTIUM]
    else:
        asked = checklist.asked_of(partner, asked)
    kept = list(application.attachments.kept().filter(partner=partner).order_by("pk"))
    found = [
        {
            "pk": each.pk, "label": each.text, "help": each.help, "is_required": each.is_required,
            "files": [one for one in kept if one.question_id == each.pk],
            "errors": [fault] if fault and at == each.pk else [],
        }
        for each in asked
    ]  # fmt: skip
    others = [one for one in kept if one.question_id is None]
    if partner is None:
        found.append(
            {
                "pk": 0, "label": _("Another file"), "help": "", "is_required": False, "files": others,
                "errors": [fault] if fault and at not in {each.pk for each in asked} else [],
            }
        )  # fmt: skip
    if application.call.is_blind:
        copied = {each.pk for each in asked if each.is_read_blind}
        found = [each | {"blind": "copy" if each["pk"] in copied else "hidden"} for each in found]
    return [each | {"max_bytes": files.LARGEST, "accept": files.ACCEPTED} for each in found]
