"""Stopping a kind of mail from the mail itself, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import mail
from core.speaking import in_language_of_mail


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed link is the proof
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_language_of_mail
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks on GET, as mail scanners open every link, and stops on POST."""
    try:
        address, kind = mail.read_stop_token(token)
    except signing.BadSignature:
        return render(request, "mail_stop_unknown.html", status=404)
    if request.method == "POST":
        mail.stop(address=address, kind=kind)
    return render(request, "mail_stop.html", {"address": address, "kind": kind, "stopped": request.method == "POST"})
