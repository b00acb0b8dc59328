"""What this room holds on organisations and people."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.holdings import ACTS, ADDRESS, NAME, Holding, Person, register
from programme.actions.registrations import unregister
from programme.models import ActionItem, Activity, Endorsement, Host, Registration, Service, ServiceRequest

FOR_REPORTS = _("Without an end: reports of the programme count it")
NOT_A_DRAFT = ~Q(status=Activity.Status.DRAFT)


def _give_places_back(person: Person) -> None:
    mine = Registration.objects.coming().filter(Q(email__in=person.addresses) | Q(user__in=_account(person)))
    for registration in mine.filter(activity__starts_at__gt=timezone.now()).select_related("activity").order_by("pk"):
        unregister(registration=registration, by=None)


def _account(person: Person) -> list[int]:
    return [person.user_id] if person.user_id else []


HOLDINGS = (
    Holding(
        model=Registration,
        name=_("Places at activities"),
        purpose=_("Who comes, who waits, who was there, and what was paid for it"),
        kept_for=FOR_REPORTS,
        fields=("activity__name", "organisation__name", "person", "email", "status", "registered_at", "reminded_at",
                "attended", "support_eur"),
        organisation="organisation",
        users=("user",),
        addresses=("email",),
        ends=_give_places_back,
        overwritten={"person": NAME, "email": ADDRESS},
    ),
    Holding(
        model=Endorsement,
        name=_("Endorsements of a strategy"),
        purpose=_("Which key companies and stakeholders stand behind the strategy"),
        kept_for=_("As long as the strategy"),
        fields=("strategy__name", "number", "name", "person", "email", "answer", "words", "asked_at", "answered_at"),
        organisation="organisation",
        addresses=("email",),
        only=Q(asked_at__isnull=False),
        overwritten={"person": NAME, "email": ADDRESS},
    ),
    Holding(
        model=ServiceRequest,
        name=_("Services that were asked for"),
        purpose=_("Agreeing on help, delivering it, and asking whether it helped"),
        kept_for=FOR_REPORTS,
        fields=("service__name", "words", "status", "asked_by__name", "asked_at", "agreed_at", "agreed_hours", "due_on",
                "delivered_on", "delivered_hours", "answer", "satisfied", "satisfied_on", "satisfied_words"),
        organisation="organisation",
    ),
    Holding(
        model=ActionItem,
        name=_("Steps of the action plan"),
        purpose=_("What the organisation does next, who does it and by when"),
        kept_for=_("Until a step is removed"),
        fields=("gap", "what", "who", "due_on", "request__service__name"),
        organisation="organisation",
    ),
    Holding(
        model=Activity,
        name=_("Activities that it leads"),
        purpose=_("Saying who leads an activity"),
        kept_for=FOR_REPORTS,
        fields=("name", "kind", "aim", "starts_at", "ends_at", "venue", "country", "status"),
        organisation="lead",
        only=NOT_A_DRAFT,
    ),
    Holding(
        model=Host,
        name=_("Activities that it hosts"),
        purpose=_("Saying who hosts an activity"),
        kept_for=FOR_REPORTS,
        fields=("activity__name", "does"),
        organisation="organisation",
        only=~Q(activity__status=Activity.Status.DRAFT),
    ),
    Holding(
        model=Service,
        name=_("Services that it provides"),
        purpose=_("Saying who provides a service"),
        kept_for=FOR_REPORTS,
        fields=("name", "what", "price_eur", "is_offered"),
        organisation="provider",
    ),
)  # fmt: skip

register(
    "programme",
    _("Programme"),
    HOLDINGS,
    left_out={
        ACTS: [
            "ActionItem.created_by", "Activity.created_by", "Reading.by", "Strategy.created_by", "StrategyVersion.by",
            "ServiceRequest.asked_by",
        ],
    },
)  # fmt: skip
