"""Who may see which calls, applications, reviews and grants: decided here, once.

The cluster team is the secretary of every call and sees all of it. An applicant sees what its organisations take part
in; a reviewer what is assigned, through the assignment alone; everybody else the published calls.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.numbers import whole_number
from members.models import Organisation, Undertaking

if TYPE_CHECKING:
    from funding.models import Partner
    from members.models import User
    from opportunities.models import Opportunity


def _own(user: "User") -> list[int]:
    """The organisations other than the home cluster that a person belongs to."""
    return [m.organisation_id for m in user.all_memberships if not m.organisation.is_home]


class FundingCallQuerySet(models.QuerySet):
    def public(self) -> "FundingCallQuerySet":
        """What everybody may read, signed in or not."""
        return self.exclude(status="draft")

    def visible_to(self, user: "User") -> "FundingCallQuerySet":
        """Managers see drafts, too."""
        return self if user.is_manager else self.public()

    def by_urgency(self) -> "FundingCallQuerySet":
        """Those that can still be applied to first, the nearest deadline on top; then the others, the newest on top."""
        now = timezone.now()
        ahead = Q(status__in=["draft", "published"], deadline__gte=now)
        return self.annotate(
            is_past=Case(When(ahead, then=Value(0)), default=Value(1)),
            near=Case(When(ahead, then=F("deadline"))),
        ).order_by("is_past", "near", "-deadline", "-pk")

    def of_topic(self, topic: "Opportunity") -> "FundingCallQuerySet":
        """The published call that a scouted topic is: the team said so, or the topic's address is the call's page."""
        pages = mail.absolute(reverse("funding:list"))
        slug = topic.url.removeprefix(pages).strip("/") if topic.url.startswith(pages) else ""
        return self.public().filter(Q(topics__topic=topic) | Q(slug=slug)).order_by("topics", "pk")

    def open(self) -> "FundingCallQuerySet":
        """Takes applications now."""
        now = timezone.now()
        return self.filter(status="published", opens_at__lte=now, deadline__gte=now)


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "ApplicationQuerySet":
        """What a person's organisations lead or take part in; managers also what was handed in and is open to them."""
        if user.is_manager:
            return self.filter(pk__in=self.model.objects.open_to(user).values("pk")) | self.of(user)
        return self.of(user)

    def open_to(self, user: "User") -> "ApplicationQuerySet":
        """What was handed in once, without what binds this manager."""
        handed_in = self.model.submissions.rel.related_model.objects.values("application")
        return self.filter(pk__in=handed_in).exclude(pk__in=self.model.objects.binding(user).values("pk"))

    def binding(self, user: "User") -> "ApplicationQuerySet":
        """What a person has a conflict of interest with: the own organisation takes part, or something was declared."""
        assignments = self.model.assignments.rel.related_model.objects.filter(reviewer__user=user).bound()
        seats = self.model.call.field.related_model.reviewers.rel.related_model.objects.filter(user=user)
        named = seats.filter(call=OuterRef("application__call"), interests__contains=[OuterRef("name")])
        parts = self.model.partners.rel.related_model.objects.handed_in_or_taking_part()
        parts = parts.filter(Q(organisation__in=_own(user)) | Exists(named))
        return self.filter(
            Q(lead__in=_own(user)) | Q(pk__in=parts.values("application")) | Q(pk__in=assignments.values("application"))
        )

    def of(self, user: "User") -> "ApplicationQuerySet":
        """What a person's organisations lead or take part in."""
        own = _own(user)
        parts = self.model.partners.rel.related_model.objects.taking_part().of(user).exclude(status="draft")
        return self.filter(Q(lead__in=own) | Q(pk__in=parts.values("application")))

    def led_by(self, user: "User") -> "ApplicationQuerySet":
        """Those that a person's organisations lead: only their people see how it is written."""
        return self.filter(lead__in=_own(user))

    def named(self, reference: str) -> "ApplicationQuerySet":
        """The one of this reference, such as BWX-007."""
        code, _dash, number = reference.rpartition("-")
        return self.filter(call__code=code, number=whole_number(number))

    def handed_in(self) -> "ApplicationQuerySet":
        """With a submission that counts: those being amended count as they were handed in, withdrawn ones do not."""
        return self.filter(status__in=["submitted", "amending"])


class PartnerQuerySet(models.QuerySet):
    def taking_part(self) -> "PartnerQuerySet":
        """Who did not decline."""
        return self.exclude(status="declined")

    def not_confirmed(self) -> "PartnerQuerySet":
        """Whose yes is still missing; the lead gives its own by handing in."""
        return self.filter(is_lead=False, status__in=["draft", "invited"]).order_by("position", "pk")

    def asked_before(self, moment: datetime) -> "PartnerQuerySet":
        """Who has had its link since some time."""
        return self.filter(status="invited", invited_at__lte=moment).exclude(email="")

    def handed_in_or_taking_part(self) -> "PartnerQuerySet":
        """The same with whoever left while the application is amended: until it is handed in anew, that one counts."""
        return self.filter(~Q(status="declined") | Q(application__status="amending"))

    def of(self, user: "User") -> "PartnerQuerySet":
        """The parts of a person's own organisations."""
        return self.filter(organisation__in=_own(user))


class RevisionQuerySet(models.QuerySet):
    def of(self, field: str, partner: "Partner | None") -> "RevisionQuerySet":
        """The states of one field, of the consortium or of one partner."""
        return self.filter(field=field, partner=partner)

    def taken_over(self) -> "RevisionQuerySet":
        """What the field has held, without what was set aside."""
        return self.filter(is_set_aside=False)

    def to_choose(self) -> "RevisionQuerySet":
        """Set aside, and nobody has looked at it yet."""
        return self.filter(is_set_aside=True, settled_at=None)


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "AttachmentQuerySet":
        """Managers see those of what was handed in; the lead its own and the consortium's, a partner its own."""
        own = _own(user)
        # A file of a partner that was removed stands without one: its question tells whose it was.
        of_consortium = Q(partner=None) & ~Q(question__asked_of="partner")
        of_lead = Q(application__lead__in=own) & (of_consortium | Q(partner__is_lead=True))
        of_own = of_lead | Q(partner__organisation__in=own)
        if user.is_manager:
            applications = self.model._meta.get_field("application").related_model
            return self.filter(of_own | Q(application__in=applications.objects.open_to(user)))
        return self.filter(of_own)

    def kept(self) -> "AttachmentQuerySet":
        """Not removed by the applicant."""
        return self.filter(removed_at=None)


class ReviewerQuerySet(models.QuerySet):
    def active(self) -> "ReviewerQuerySet":
        """Has not left, and the account still has the role."""
        return self.filter(
            left_at=None,
            user__is_active=True,
            user__memberships__organisation__is_home=True,
            user__memberships__role__in=["reviewer", "manager"],
        ).distinct()


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "AssignmentQuerySet":
        """Managers see all; a reviewer the own ones, as long as the role lasts."""
        if user.is_manager:
            return self
        if not user.is_reviewer:
            return self.none()
        return self.of(user)

    def of(self, user: "User") -> "AssignmentQuerySet":
        """Those that a person reviews, as long as the role lasts and the application stands."""
        if not (user.is_reviewer or user.is_manager):
            return self.none()
        in_force = self.filter(application__status__in=["submitted", "amending"], reviewer__left_at=None)
        return in_force.filter(reviewer__user=user).exclude(status__in=["proposed", "withdrawn"])

    def bound(self) -> "AssignmentQuerySet":
        """With a conflict of interest, also one that came to light after the review or was taken back since."""
        return self.filter(Q(status="conflict") | ~Q(conflict=""))

    def unfinished(self) -> "AssignmentQuerySet":
        """Sent, and no review yet."""
        return self.filter(status__in=["asked", "open"])

    def to_write(self) -> "AssignmentQuerySet":
        """Those of them that can still be handed in: a decided call takes no review."""
        return self.unfinished().filter(application__call__status="published")


class DecisionQuerySet(models.QuerySet):
    def standing(self) -> "DecisionQuerySet":
        """Of applications that were not withdrawn."""
        return self.filter(application__status__in=["submitted", "amending"])

    def told(self) -> "DecisionQuerySet":
        """Those that the applicants know."""
        return self.filter(told_at__isnull=False)

    def reserve(self) -> "DecisionQuerySet":
        """The reserve list, in order."""
        return self.standing().filter(outcome="reserve").order_by("reserve_place")


class AwardQuerySet(models.QuerySet):
    def standing(self) -> "AwardQuerySet":
        """Those that bind money: neither given up nor of an application that was withdrawn."""
        return self.filter(given_up_at=None, decision__application__status__in=["submitted", "amending"])

    def with_what_they_bind(self) -> "AwardQuerySet":
        """Each with `binds_eur`: its amount, or what is kept of it once its grant has ended early."""
        return self.annotate(binds_eur=Coalesce("grant__kept_eur", "amount_eur"))


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "LetterQuerySet":
        """Those about what a person may see, as the cluster team or as who takes part."""
        applications = self.model._meta.get_field("decision").related_model._meta.get_field("application").related_model
        return self.filter(decision__application__in=applications.objects.visible_to(user))


class GrantQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "GrantQuerySet":
        """Managers see all; people those of their organisations."""
        return self if user.is_manager else self.filter(organisation__in=_own(user))


class GrantReportQuerySet(models.QuerySet):
    def owed(self) -> "GrantReportQuerySet":
        """Still to be written, or written anew, of grants that have not ended."""
        return self.filter(status__in=["due", "returned"], grant__status__in=["granted", "running"])


class PaymentQuerySet(models.QuerySet):
    def to_beneficiaries(self) -> "PaymentQuerySet":
        """What goes out; what comes back after an early end is left out."""
        return self.filter(is_recovery=False)

    def made(self) -> "PaymentQuerySet":
        """What was paid, in either direction."""
        return self.filter(paid_on__isnull=False)


class DeclarationQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "DeclarationQuerySet":
        """Managers see what was handed in; people see those of their organisations."""
        own = Q(organisation__in=_own(user))
        return self.filter(own | ~Q(status="draft")) if user.is_manager else self.filter(own)


class AidQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "AidQuerySet":
        """Managers keep the ledger; people see the entries of the undertakings that their organisations belong to."""
        if user.is_manager:
            return self
        own = _own(user)
        return self.filter(
            Q(organisation__in=own)
            | Q(organisation__undertaking__in=Undertaking.objects.filter(organisations__in=own).values("pk"))
        )

    def of(self, organisation: Organisation) -> "AidQuerySet":
        """Of its single undertaking: all entries of the companies that are one with it."""
        if organisation.undertaking_id is None:
            return self.filter(organisation=organisation)
        return self.filter(organisation__undertaking=organisation.undertaking_id)

    def standing(self) -> "AidQuerySet":
        """What counts: neither reversed, nor the entry that reverses."""
        return self.filter(reverses=None, reversed_by=None)


class PartnerSearchQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "PartnerSearchQuerySet":
        """Managers see all; who searches sees the own one, who was asked that of the other."""
        if user.is_manager:
            return self
        own = _own(user)
        asked = self.model.objects.filter(replies__organisation__in=own)
        return self.filter(Q(organisation__in=own) | Q(pk__in=asked.values("pk")))

    def for_list(self) -> "PartnerSearchQuerySet":
        """Open ones first, the newest on top, with how many were asked and how many are interested."""
        return (
            self.select_related("topic", "organisation")
            .defer("topic__description", "topic__search", "topic__details")
            .annotate(asked=Count("replies"), interested=Count("replies", filter=Q(replies__status="interested")))
            .order_by("-status", "-started_at", "-pk")
        )


class SearchReplyQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "SearchReplyQuerySet":
        """Managers see all; people their own organisation's; who searches sees those who are interested, no others."""
        if user.is_manager:
            return self
        own = _own(user)
        return self.filter(Q(organisation__in=own) | Q(search__organisation__in=own, status="interested"))

    def in_consortium(self) -> "SearchReplyQuerySet":
        """Interested, and not left out by who leads."""
        return self.filter(status="interested", is_in=True)
