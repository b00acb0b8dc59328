"""Mails about decisions: letters, and that an appeal has come. Whether to write is decided in the actions."""

from django.urls import reverse

from core import mail
from core.clocks import moment_in
from funding.models import Appeal, Application, Letter
from members.emails import write
from members.models import Membership, User

KIND = "funding-decision"


def owners_of(application: Application) -> list[User]:
    """Those who decide for the lead."""
    found = User.objects.filter(
        memberships__organisation=application.lead_id, memberships__role=Membership.Role.OWNER, is_active=True
    )
    return list(found.order_by("pk"))


def readers_of(application: Application) -> list[str]:
    """Who gets the letters of a consortium: the owners of the lead, and each partner that takes part. Once each."""
    partners = application.partners.taking_part().exclude(email="").values_list("email", flat=True)
    found = [*(user.email for user in owners_of(application)), *partners.order_by("position", "pk")]
    return list(dict.fromkeys(address.strip().lower() for address in found))


def _about(application: Application) -> dict[str, object]:
    path = reverse("funding:decision", args=[application.reference])
    return {"kind": KIND, "application": application, "call": application.call, "url": mail.absolute(path)}


def send_letter(*, letter: Letter) -> None:
    """The letter as it is kept, to each of its readers, once."""
    about = _about(letter.decision.application) | {"letter": letter, "paragraphs": letter.text.split("\n\n")}
    for address in letter.to:
        write("funding_letter", to=address, key=f"funding-letter:{letter.pk}:{address}", **about)


def send_appeal_filed(*, appeal: Appeal) -> None:
    """The appeal has come, and when: to the owners of the lead."""
    application = appeal.decision.application
    filed = moment_in(appeal.filed_at, application.call.time_zone)
    for user in owners_of(application):
        key = f"funding-appeal:{appeal.pk}:{user.pk}"
        write("appeal_filed", to=user.email, key=key, appeal=appeal, filed=filed, **_about(application))
