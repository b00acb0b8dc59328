"""How allauth behaves here: nobody signs up alone, and its mails look like ours."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from core.mail import absolute
from members.emails import letterhead


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an invitation makes the account."""
        return False

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict, headers: dict[str, str] | None = None
    ) -> EmailMultiAlternatives:
        """The texts of allauth, or ours of the same name, within our frame.

        These mails are sent at once and kept nowhere: what stands in them opens an account.
        """
        ours = letterhead() | {"join_url": absolute(reverse("members:join"))}
        message = super().render_mail(template_prefix, email, ours | context, headers)
        text, code = message.body.rpartition("--")[0], context.get("code", "")
        # Our frame shows the code on its own, in large letters.
        text = text.replace(code, "") if code else text
        frame = ours | {"title": message.subject, "text": text.strip(), "code": code}
        message.attach_alternative(render_to_string("emails/account.html", frame), "text/html")
        return message


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens accounts that are there; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Never: an invitation makes the account."""
        return False
