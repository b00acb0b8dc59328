"""One's own settings: the name, ways to sign in, and which mails come."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members import actions, reading
from members.forms import NameForm


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The name is written here; the rest leads on."""
    form = NameForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        actions.rename(user=request.user, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("members:settings")
    return TemplateResponse(request, "members/settings.html", {"form": form} | reading.own_settings(request.user))


@require_POST
def start_mail(request: HttpRequest, kind: str) -> HttpResponse:
    """Mails of a kind come again."""
    if actions.start_mail_again(user=request.user, kind=kind):
        messages.success(request, _("You get these mails again."))
    return redirect("members:settings")
