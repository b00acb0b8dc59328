"""An application: its consortium, budget and answers, every saved word, and what was handed in."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.models.calls import ActivityType, CostCategory, Funder, FundingCall, Question
from funding.querysets import ApplicationQuerySet, AttachmentQuerySet, PartnerQuerySet, RevisionQuerySet
from members.models import Organisation
from opportunities.models import Opportunity


def _euro(name: object, **options: object) -> models.DecimalField:
    return models.DecimalField(name, max_digits=12, decimal_places=2, validators=[MinValueValidator(0)], **options)


class Application(models.Model):
    """What a consortium asks for. The lead's people write it; the last submission in time counts."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        AMENDING = "amending", _("Being amended")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    call = models.ForeignKey(FundingCall, models.PROTECT, related_name="applications")
    number = models.PositiveIntegerField(help_text="Counts within the call; with its short name it is the reference.")
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="led_applications")
    title = models.CharField(_("title"), max_length=160, blank=True)
    summary = models.TextField(_("summary"), max_length=3000, blank=True)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    topic = models.ForeignKey(
        Opportunity, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The topic that it began with."
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    why_withdrawn = models.CharField(max_length=600, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="one_application_of_a_number"),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | ~Q(status="withdrawn") & Q(withdrawn_at=None),
                name="application_withdrawn_at",
            ),
        ]
        indexes = [models.Index(fields=["lead", "status"], name="application_of_lead")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("funding:application", args=[self.reference])

    @property
    def reference(self) -> str:
        """What people call it: BWX-007."""
        return f"{self.call.code}-{self.number:03}"


class Partner(models.Model):
    """One organisation's part in an application. By its signed link it confirms its part, budget and declarations."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Not invited yet")
        INVITED = "invited", _("Invited")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    application = models.ForeignKey(Application, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Which of the portal's organisations it is: told by its own people or by the cluster team.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)
    is_lead = models.BooleanField(default=False)
    name = models.CharField(_("organisation"), max_length=200)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Organisation.Kind, default=Organisation.Kind.COMPANY)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=5, blank=True)
    person = models.CharField(_("contact person"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    funder = models.ForeignKey(
        Funder, models.SET_NULL, null=True, blank=True, related_name="partners", verbose_name=_("funder")
    )
    activity_types = models.ManyToManyField(ActivityType, verbose_name=_("activities"), blank=True, related_name="+")
    role = models.TextField(_("what it does in the project"), max_length=2000, blank=True)
    grant_eur = _euro(_("grant asked for, EUR"), null=True, blank=True)
    own_money_eur = _euro(_("own money, EUR"), null=True, blank=True)
    other_money_eur = _euro(_("other money, EUR"), default=0)
    enterprise = models.JSONField(
        null=True, help_text="Years, holdings and public share, as funding.eligibility.types.Enterprise reads them."
    )
    previous_grants = models.JSONField(null=True, help_text="What it was granted by the call's funders, as it says.")
    declared_aid = models.JSONField(null=True, help_text="De minimis aid of the single undertaking, as it says.")
    declared_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    link_version = models.PositiveSmallIntegerField(default=1)
    invited_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="When it confirmed or declined.")
    answered_by = models.CharField(max_length=200, blank=True, help_text="Who did, as that person signed.")
    why_declined = models.CharField(max_length=400, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(is_lead=True), name="one_lead_of_an_application"
            ),
            models.UniqueConstraint(Lower("name"), "application", name="partner_once_by_name"),
            models.UniqueConstraint(
                fields=["application", "organisation"],
                condition=Q(organisation__isnull=False),
                name="partner_once_by_organisation",
            ),
            models.UniqueConstraint(
                fields=["application", "country", "registration_number"],
                condition=~Q(registration_number=""),
                name="partner_once_by_registration",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="partner_email_lower_case"),
        ]
        indexes = [models.Index(fields=["organisation"], name="partner_of_organisation")]

    def __str__(self) -> str:
        return self.name


class Cost(models.Model):
    """One line of a partner's budget: a category and what it costs."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="costs")
    category = models.ForeignKey(CostCategory, models.PROTECT, related_name="+")
    amount_eur = _euro(_("amount, EUR"))
    words = models.CharField(_("what for"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "category"], name="one_cost_of_a_category"),
            models.CheckConstraint(condition=Q(amount_eur__gte=0), name="cost_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.amount_eur}"


class Answer(models.Model):
    """What a question got, as it stands now."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.JSONField(help_text="Words, a number as text, a day as text, one option or a list of them.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "partner", "question"], nulls_distinct=False, name="one_answer_of_a_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


class Revision(models.Model):
    """Each saved state of each field: nothing that was typed is lost, whoever typed over it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="revisions")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, related_name="+")
    field = models.CharField(max_length=40, help_text="'title', 'summary', 'months', 'role', 'question:12'.")
    value = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=200)
    page = models.CharField(
        max_length=36, blank=True, help_text="Which open page typed it: a page may go on from its own words."
    )
    is_set_aside = models.BooleanField(
        default=False, help_text="It was typed over an older state: kept here, not taken over."
    )
    settled_at = models.DateTimeField(null=True, help_text="When somebody chose between it and the newer words.")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["application", "field", "-id"], name="revision_of_field")]

    def __str__(self) -> str:
        return f"{self.field} at {self.at:%Y-%m-%d %H:%M:%S}"


class Attachment(models.Model):
    """A file handed in with an application: checked, under a name of our own, outside of what the web server serves."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, blank=True, related_name="attachments")
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="attachments")
    file = models.FileField(upload_to="funding/attachments/%Y/%m/")
    name = models.CharField(max_length=200, help_text="As the applicant called it.")
    content_type = models.CharField(max_length=120, help_text="As its content says, not its name.")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """What was handed in, word for word. The last one of an application counts."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=200)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="Of the content as canonical JSON: it stands on the receipt.")
    checks = models.JSONField(default=list, help_text="What each rule of eligibility said at that moment.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="one_submission_of_a_number")]
        ordering = [F("number").desc()]

    def __str__(self) -> str:
        return f"{self.application}, submission {self.number}"
