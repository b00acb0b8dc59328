"""What a new call may begin with: the pattern of a joint transnational call, or an earlier call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding.models import Criterion, Funder, FundingCall, Question
from members.models import Organisation, SizeClass

Facts = Mapping[str, object]
Kind = Organisation.Kind
# Stand-ins: a call is not published before they have their real names.
FUNDERS_OF_THE_PATTERN = (gettext_lazy("First funder"), gettext_lazy("Second funder"))
# What an earlier call does not hand on: who it is, and when it is.
OF_ITSELF = ("name", "code", "opens_at", "deadline", "review_until", "granting_on")


@dataclass(frozen=True, slots=True)
class Parts:
    """Funders, questions and criteria. They name activities and funders by their names."""

    funders: list[Facts] = field(default_factory=list)
    questions: list[Facts] = field(default_factory=list)
    criteria: list[Facts] = field(default_factory=list)

    def add_to(self, call: FundingCall) -> None:
        """Puts them into a new call, in order."""
        activities = {each.name: each for each in call.activity_types.all()}
        for position, facts in enumerate(self.funders):
            named = facts.get("activities", ())
            row = {name: value for name, value in facts.items() if name != "activities"}
            funder = Funder.objects.create(call=call, position=position, **row)
            funder.activity_types.set([activities[name] for name in named if name in activities])
        funders = {each.name: each for each in call.funders.all()}
        for model, rows in ((Question, self.questions), (Criterion, self.criteria)):
            model.objects.bulk_create(
                model(call=call, position=position, **facts | {"funder": funders.get(str(facts.get("funder")))})
                for position, facts in enumerate(rows)
            )


@dataclass(frozen=True, slots=True)
class Start:
    """What the page of basics is filled with, and what is put into the call once that is saved."""

    basics: Facts
    activities: list[str]
    categories: list[tuple[str, str]]
    parts: Parts


def of_call(call: FundingCall) -> Start:
    """As an earlier call was, without its name, its dates and its documents."""
    hidden = {"id", "slug", "status", "created_by", "created_at", "published_at", "decided_at", "why_cancelled"}
    return Start(
        basics=model_to_dict(call, exclude=[*hidden, *OF_ITSELF]),
        activities=[each.name for each in call.activity_types.all()],
        categories=[(each.name, each.help) for each in call.cost_categories.all()],
        parts=Parts(
            funders=[
                model_to_dict(each, exclude=["id", "call", "position", "activity_types"])
                | {"activities": [activity.name for activity in each.activity_types.all()]}
                for each in call.funders.prefetch_related("activity_types")
            ],
            questions=[_named(each) for each in call.questions.select_related("funder")],
            criteria=[_named(each) for each in call.criteria.select_related("funder")],
        ),
    )


def _named(part: Question | Criterion) -> Facts:
    funder = part.funder.name if part.funder else None
    return model_to_dict(part, exclude=["id", "call", "position"]) | {"funder": funder}


def joint_call() -> Start:
    """Several funders, each with its own country and rules; a cluster leads companies of two countries."""
    pilots, prototypes, meetings, studies = (
        _("Pilots with a first customer"),
        _("Prototypes and tests"),
        _("Meetings and visits across borders"),
        _("Studies of a market"),
    )
    return Start(
        basics={
            "least_organisations": 3,
            "least_countries": 2,
            "least_smes": 1,
            "lead_kinds": [Kind.CLUSTER],
            "shortest_months": 6,
            "longest_months": 18,
            "reviews_each": 2,
            "appeal_days": 21,
            "aim": _("Small projects in which clusters and their companies try out something new across a border."),
        },
        activities=[pilots, prototypes, meetings, studies],
        categories=[
            (_("Staff"), _("Wages with social costs, by hours worked.")),
            (_("Travel"), _("Journeys and nights of people who work in the project.")),
            (_("Services"), _("What others do for the project against an invoice.")),
            (_("Equipment"), _("What is bought or rented, for the time of the project.")),
            (_("Overheads"), _("Rooms, telephone and accounts, as the funder allows.")),
        ],
        parts=Parts(_joint_funders(pilots, prototypes, meetings), _joint_questions(), _joint_criteria()),
    )


def _joint_funders(pilots: str, prototypes: str, meetings: str) -> list[Facts]:
    half, most = Decimal("0.5"), Decimal(60_000)
    return [
        {
            "name": str(FUNDERS_OF_THE_PATTERN[0]),
            "member_state": "SE",
            "budget_eur": Decimal(300_000),
            "rate": half,
            "rates": {SizeClass.MICRO: "0.7", SizeClass.SMALL: "0.7"},
            "largest_grant_eur": most,
            "is_de_minimis": True,
        },
        {
            "name": str(FUNDERS_OF_THE_PATTERN[1]),
            "member_state": "EE",
            "budget_eur": Decimal(200_000),
            "kinds": [Kind.COMPANY, Kind.CLUSTER],
            "sizes": [SizeClass.MICRO, SizeClass.SMALL, SizeClass.MEDIUM],
            "activities": [pilots, prototypes, meetings],
            "rate": half,
            "largest_grant_eur": most,
            "is_de_minimis": True,
        },
    ]


def _joint_questions() -> list[Facts]:
    long, partner = Question.Kind.LONG_TEXT, Question.AskedOf.PARTNER
    return [
        {"kind": long, "text": _("Which need do the companies share, and how do you know?"), "most_words": 250},
        {"kind": long, "text": _("What will you try out, and what is new in it?"), "most_words": 300},
        {"kind": long, "text": _("Why can it only be done across the border?"), "most_words": 200},
        {"kind": long, "text": _("Who does what by when?"), "most_words": 300, "help": _("Name the steps in order.")},
        {"kind": long, "text": _("What goes on after the last day of the project?"), "most_words": 200},
        {
            "kind": long,
            "text": _("What do you bring in, and what do you take home?"),
            "most_words": 150,
            "asked_of": partner,
            "tells_who": True,
        },
    ]


def _joint_criteria() -> list[Facts]:
    return [
        {
            "name": _("Benefit for the companies"),
            "asks": _("Do companies get something that they need and would not get alone?"),
            "weight": Decimal(2),
            "threshold": Decimal(3),
            "anchors": {
                "0": _("No company is named, or no need."),
                "3": _("The need is clear; the benefit reaches the companies that take part."),
                "5": _("The need is proven, and the benefit reaches companies beyond the project."),
            },
        },
        {
            "name": _("Reason to work across the border"),
            "asks": _("Does each side bring what the other one lacks?"),
            "anchors": {
                "0": _("Each side could do it alone."),
                "3": _("The sides add to each other in some steps."),
                "5": _("No step would work without the other side."),
            },
        },
        {
            "name": _("Plan and people"),
            "asks": _("Can these people do this in that time, with that money?"),
            "anchors": {
                "0": _("Steps, people or costs are missing."),
                "3": _("Steps, people and costs fit; risks are named."),
                "5": _("They fit, were tested before, and there is a plan for each risk."),
            },
        },
        {
            "name": _("What lasts"),
            "asks": _("What goes on when the money is spent?"),
            "anchors": {
                "0": _("Nothing is said of it."),
                "3": _("Next steps have an owner."),
                "5": _("Next steps have an owner, money and a customer."),
            },
        },
    ]
