"""A sample company that looks for partners for a topic: some members were asked, one is interested."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cluster_portal.sample.call_applications import owner_of
from cluster_portal.sample.calls import content
from core.models import Mail
from funding.actions import searches
from funding.models import PartnerSearch, SearchReply
from members.models import Organisation, User
from opportunities.models import Opportunity

STARTED, ASKED, ANSWERED = timedelta(days=9), timedelta(days=7, hours=3), timedelta(days=5, hours=6)


@transaction.atomic
def load(*, by: User) -> PartnerSearch:
    """Open, and begun some days ago. The topic is one that the cluster has published."""
    told, now = content()["search"], timezone.now()
    organisation = Organisation.objects.get(name=told["organisation"])
    topic = Opportunity.objects.published().open().filter(kind=Opportunity.Kind.FUNDING).get(title=told["topic"])
    words = {name: told[name] for name in ("brings", "seeks")}
    search = searches.start_search(topic=topic, organisation=organisation, **words, by=owner_of(organisation))
    searches.ask(search=search, organisations=Organisation.objects.filter(name__in=told["asked"]), by=by)
    reply = search.replies.select_related("organisation").get(organisation__name=told["interested"])
    searches.answer(reply=reply, interested=True, words=told["words"], by=owner_of(reply.organisation))
    PartnerSearch.objects.filter(pk=search.pk).update(started_at=now - STARTED)
    SearchReply.objects.filter(search=search).update(asked_at=now - ASKED)
    SearchReply.objects.filter(pk=reply.pk).update(answered_at=now - ANSWERED)
    Mail.objects.filter(status=Mail.Status.QUEUED).update(status=Mail.Status.SENT, sent_at=now)
    return search
