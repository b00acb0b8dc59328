"""The first step in an empty portal: the cluster organisation that runs it, and its first manager."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from core import codelists
from members import emails
from members.actions import invitations, organisations
from members.models import Membership, Organisation


class Command(BaseCommand):
    help = "Makes the home cluster and invites its first manager. Again, it sends the invitation once more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the cluster organisation, as members know it")
        parser.add_argument("--country", required=True, help="where it is: SE, Sweden ...")
        parser.add_argument("--manager", required=True, metavar="E-MAIL", help="who gets the invitation")
        parser.add_argument("--manager-name", default="", help="as colleagues write it")

    def handle(self, *, name: str, country: str, manager: str, manager_name: str, **_options: object) -> None:
        code = codelists.country_code(country)
        if not code:
            raise CommandError(f"There is no country {country}.")
        try:
            validate_email(manager)
        except ValidationError:
            raise CommandError(f"{manager} is no e-mail address.") from None
        with transaction.atomic():
            home = Organisation.objects.filter(is_home=True).first() or self._made(name, code)
            if home.memberships.filter(role=Membership.Role.MANAGER).exists():
                raise CommandError(f"{home} has a manager already. Managers invite each other in the portal.")
            invitation = invitations.invite(
                email=manager, name=manager_name, organisation=home, role=Membership.Role.MANAGER, by=None
            )
        self.stdout.write(f"{home}: {invitation.email} has mail. Should it not arrive, this link is in it:")
        self.stdout.write(emails.accept_url(invitation))

    def _made(self, name: str, country: str) -> Organisation:
        return organisations.add_organisation(
            name=name, kind=Organisation.Kind.CLUSTER, country=country, by=None, is_home=True, is_member=False
        )
