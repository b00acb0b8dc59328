"""How a sample application is written: by its lead, by its partners through their links, and handed in."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cluster_portal.sample.call_days import Days
from core import typesetting
from funding import letters
from funding.actions import answers, applications, attachments, budgets, partners, submissions
from funding.actions.budgets import Budget
from funding.aid import aid_of
from funding.models import ActivityType, Application, Attachment, CostCategory, FundingCall, Partner, Question, Revision
from members.models import Membership, Organisation, User

Told = dict[str, Any]
WRITTEN_IN = timedelta(days=19)
TURNOVER, BALANCE = 110_000, 70_000  # EUR for each person who works there
CATEGORIES = {"staff": "Staff", "travel": "Travel", "services": "Services", "equipment": "Equipment",
              "overheads": "Overheads"}  # fmt: skip


def owner_of(organisation: Organisation) -> User:
    """The person who signs for it."""
    people = User.objects.filter(memberships__organisation=organisation, memberships__role=Membership.Role.OWNER)
    return people.order_by("pk")[0]


def write(call: FundingCall, told: Told, number: int, *, linked: Told, days: Days) -> tuple[Application, datetime]:
    """The application as far as it is, and when it was finished: each a day earlier than the one before."""
    done_at = some_days_before(min(days.deadline, timezone.now()), number)
    lead = Organisation.objects.get(name=told["lead"])
    by = owner_of(lead)
    began_at = max(days.opens_at, done_at - WRITTEN_IN)
    application = applications.start(call=call, organisation=lead, by=by, at=began_at)
    questions = list(call.questions.all())
    own = [each for each in questions if each.asked_of == Question.AskedOf.PARTNER]
    said = {name: str(told[name]) for name in ("title", "summary", "months")}
    asked = [each for each in questions if each not in own]
    said |= {f"question:{each.pk}": words for each, words in zip(asked, told["answers"], strict=False)}
    for field, value in said.items():
        answers.save(application=application, field=field, value=value, based_on=0, by=by)
    application.refresh_from_db()
    write_own_part(application, told, own, linked=linked, by=by)
    for row in told["partner"]:
        write_part(call, application, row, own, by=by)
    if "attachment" in told:
        attach(application, told["attachment"], at=done_at, by=by)
    date_back(application, began_at, done_at)
    return application, done_at


def some_days_before(moment: datetime, number: int) -> datetime:
    """In the hours in which people work."""
    day = timezone.localdate(moment) - timedelta(days=1 + number)
    return timezone.make_aware(datetime.combine(day, time(10 + 2 * number, 7 + 12 * number)))


def write_own_part(application: Application, told: Told, own: list[Question], *, linked: Told, by: User) -> None:
    """What the lead says of itself."""
    part = application.partners.get(is_lead=True)
    partners.change(partner=part, by=by, activity_types=activities(application.call))
    budgets.save(application=application, budgets={part.pk: budget(application.call, told)}, by=by)
    figures = enterprise(application.lead)
    aid: list[dict[str, object]] = []
    if application.lead.name == linked["organisation"]:
        company = Organisation.objects.get(name=linked["company"])
        figures["holdings"] = [
            {"name": company.name, "share": str(linked["share"]), "years": enterprise(company)["years"]}
        ]
        aid = [each.model_dump(mode="json") for each in aid_of(application.lead)]
    partners.say(partner=part, by=by, enterprise=figures, declared_aid=aid)
    for question in own:
        field = f"question:{question.pk}"
        answers.save(application=application, field=field, value=told["own_answer"], based_on=0, by=by, partner=part)
    if told.get("state") != "draft":
        partners.declare(partner=part, by=by)


def write_part(call: FundingCall, application: Application, told: Told, own: list[Question], *, by: User) -> None:
    """A partner, entered and invited by the lead; most answer through their link, some have not yet."""
    part = partners.add(application=application, by=by, role=told["role"], activity_types=activities(call), **who(told))
    money = budget(call, told)
    budgets.save(application=application, budgets={part.pk: money}, by=by)
    partners.invite(partner=part, by=by)
    if told.get("invited"):
        return
    figures = enterprise(part.organisation or told) if part.kind == Organisation.Kind.COMPANY else None
    partners.say(partner=part, by=None, enterprise=figures, declared_aid=[])
    for question in own:
        field = f"question:{question.pk}"
        answers.save_part(partner=part, field=field, value=told["own_answer"], based_on=0, signed=part.person)
    part.refresh_from_db()
    partners.confirm(partner=part, name=part.person)


def who(told: Told) -> dict[str, object]:
    """The organisation: one of the portal's, or one that the lead describes."""
    if "home" not in told:
        names = {"name": "name", "country": "country", "registration_number": "registration", "email": "email"}
        facts = {field: told[name] for field, name in names.items()}
        return facts | {"person": told["person"], "kind": told.get("kind", Organisation.Kind.COMPANY)}
    organisation = Organisation.objects.get(name=told["home"])
    person = owner_of(organisation)
    of = {"name": organisation.name, "country": organisation.country, "kind": organisation.kind}
    return of | {"region": organisation.nuts, "person": person.name, "email": person.email}


def activities(call: FundingCall) -> list[ActivityType]:
    """What all of them do: the first two that the pattern of a joint call names."""
    return list(call.activity_types.all()[:2])


def budget(call: FundingCall, told: Told) -> Budget:
    """Costs as the content has them; what the grant does not pay is own money."""
    categories = {each.name: each.pk for each in CostCategory.objects.filter(call=call)}
    costs = {categories[CATEGORIES[name]]: Decimal(amount) for name, amount in told["costs"].items() if amount}
    grant = Decimal(told["grant"])
    return Budget(costs, grant, sum(costs.values(), Decimal(0)) - grant, Decimal(0))


def enterprise(of: Organisation | Told) -> dict[str, object]:
    """Two closed years, alike. Of who is not on the portal only the people are told."""
    if isinstance(of, Organisation):
        year = {"headcount": of.headcount, "turnover_eur": of.turnover_eur, "balance_eur": of.balance_eur}
    else:
        year = {"headcount": of["heads"], "turnover_eur": of["heads"] * TURNOVER, "balance_eur": of["heads"] * BALANCE}
    year = {name: str(value) for name, value in year.items()}
    return {"years": [year, year], "holdings": [], "public_share": "0"}


def attach(application: Application, told: Told, *, at: datetime, by: User) -> None:
    """A letter of somebody else, as a PDF."""
    content = {
        "language": "en",
        "cluster": told["from"],
        "title": told["title"],
        "sent": f"{at:%-d %B %Y}",
        "reference": told["from"],
        "paragraphs": told["words"],
        "day": {"year": at.year, "month": at.month, "day": at.day},
    }
    written = typesetting.pdf(letters.TEMPLATE, content, moment=at)
    file = SimpleUploadedFile(told["name"], written, content_type="application/pdf")
    attachment = attachments.add(application=application, file=file, by=by)
    Attachment.objects.filter(pk=attachment.pk).update(added_at=at)


def date_back(application: Application, began_at: datetime, done_at: datetime) -> None:
    """What was dated by the clock was written between these moments, one after the other."""
    step = (done_at - began_at) / 10
    rows = list(Revision.objects.filter(application=application).order_by("pk"))
    for number, row in enumerate(rows, start=1):
        row.at = began_at + 8 * step * number / len(rows)
    Revision.objects.bulk_update(rows, ["at"])
    parts = Partner.objects.filter(application=application)
    parts.filter(is_lead=True).exclude(declared_at=None).update(declared_at=done_at - step, answered_at=began_at)
    parts.exclude(invited_at=None).update(invited_at=began_at + 3 * step)
    for number, part in enumerate(parts.filter(is_lead=False, status=Partner.Status.CONFIRMED)):
        part.answered_at = part.declared_at = began_at + (5 + number) * step
        part.save(update_fields=["answered_at", "declared_at"])
    Application.objects.filter(pk=application.pk).update(changed_at=done_at)
    application.refresh_from_db()


def hand_in(application: Application, *, at: datetime) -> None:
    """By the person who signs for the lead."""
    submissions.submit(application=application, by=owner_of(application.lead), at=at)
