"""How far a call is, and where its secretary goes on: the middle of its overview."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funding.models import Appeal, Application, Award, FundingCall
from funding.reading import assignments

Phase = FundingCall.Phase


class Line(NamedTuple):
    """One sentence on where things stand; `label` and `url` lead to what is to be done, if there is something."""

    said: str
    label: object = ""
    url: str = ""


def lines(call: FundingCall) -> list[Line]:
    """What the phase of the call asks for, in the order of the work; none before it opens or when it is over."""
    of_phase = {Phase.OPEN: _while_open, Phase.REVIEW: _in_review, Phase.DECIDED: _when_decided}
    return list(of_phase[call.phase](call)) if call.phase in of_phase else []


def _while_open(call: FundingCall) -> Iterator[Line]:
    begun = call.applications.filter(status=Application.Status.DRAFT).count()
    yield Line(_handed_in(call.applications.handed_in().count()))
    yield Line(ngettext("%(n)s is being written.", "%(n)s are being written.", begun) % {"n": begun})
    active = call.reviewers.active().count()
    if active < call.reviews_each:
        said = ngettext("%(n)s reviewer of %(of)s.", "%(n)s reviewers of %(of)s.", active)
        said = said % {"n": active, "of": call.reviews_each}
        yield Line(said, _("Bring a reviewer in"), reverse("funding:bring_reviewer", args=[call.slug]))


def _in_review(call: FundingCall) -> Iterator[Line]:
    sums = assignments.sums(call)
    undecided = call.applications.handed_in().filter(decision=None).count()
    yield Line(_handed_in(sums["applications"]))
    said = _("Reviews: %(needed)s needed, %(waiting)s with reviewers, %(done)s handed in.") % sums
    yield Line(said, _("See who reviews what"), reverse("funding:assignments", args=[call.slug]))
    if undecided:
        said = ngettext("%(n)s has no decision yet.", "%(n)s have no decision yet.", undecided) % {"n": undecided}
        yield Line(said, _("See the ranking"), reverse("funding:ranking", args=[call.slug]))
    elif sums["applications"]:
        make_known = reverse("funding:make_known", args=[call.slug])
        yield Line(_("Each has a decision. Nobody is told yet."), _("Make decisions known"), make_known)


def _when_decided(call: FundingCall) -> Iterator[Line]:
    appeals = Appeal.objects.filter(decision__application__call=call, status=Appeal.Status.FILED).count()
    awards = Award.objects.filter(funder__call=call, grant=None, given_up_at=None).count()
    if appeals:
        said = ngettext("%(n)s appeal waits for an answer.", "%(n)s appeals wait for an answer.", appeals)
        yield Line(said % {"n": appeals}, _("Answer it"), reverse("funding:appeals", args=[call.slug]))
    if awards:
        said = ngettext("%(n)s award is not granted yet.", "%(n)s awards are not granted yet.", awards)
        yield Line(said % {"n": awards}, _("Grant aid"), reverse("funding:call_grants", args=[call.slug]))
    if not appeals and not awards:
        yield Line(_("No appeal waits, and all awards are granted."))


def _handed_in(n: int) -> str:
    return ngettext("%(n)s application is handed in.", "%(n)s applications are handed in.", n) % {"n": n}
