"""What this room holds on organisations and people."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.holdings import ACTS, Holding, register
from opportunities.models import Feedback, Match, Showing

AS_THE_OPPORTUNITY = _("As long as the opportunity")

HOLDINGS = (
    Holding(
        model=Match,
        name=_("What the filter found"),
        purpose=_("Putting what fits before the organisation, with the reasons"),
        kept_for=_("Until the filter runs again"),
        fields=("opportunity__reference", "opportunity__title", "reasons"),
        organisation="organisation",
        only=Q(run=F("organisation__match_state__run")),
    ),
    Holding(
        model=Showing,
        name=_("What was shown"),
        purpose=_("Seeing whether the filter works, and showing nothing twice"),
        kept_for=AS_THE_OPPORTUNITY,
        fields=("opportunity__reference", "channel", "first_at", "first_rank", "first_reasons", "last_at", "last_rank",
                "last_reasons"),
        organisation="organisation",
    ),
    Holding(
        model=Feedback,
        name=_("Answers to opportunities"),
        purpose=_("Handing over what is of interest, and filtering better next time"),
        kept_for=AS_THE_OPPORTUNITY,
        fields=("opportunity__reference", "opportunity__title", "kind", "reason", "sentence", "rank_shown",
                "reasons_shown", "user__name", "at"),
        organisation="organisation",
        users=("user",),
        kept_because=_("They are the organisation's answers. The account behind them has no name any more."),
    ),
)  # fmt: skip

register(
    "opportunities",
    _("Opportunities"),
    HOLDINGS,
    left_out={
        ACTS: [
            "FilterRun.started_by", "FilterShard.started_by", "ImportRun.started_by", "Opportunity.curated_by",
            "Opportunity.note_by",
        ],
        "How far the filter has come: what it found is listed.": ["MatchList.organisation", "MatchState.organisation"],
    },
)  # fmt: skip
