"""Every page of the evaluations, with the sample's surveys in them: by whom each is read."""

from django.urls import reverse
from django.utils import timezone

from cluster_portal.sample import waves
from evaluations import custom_tables, links, preparations, quarters, report_links
from evaluations.actions import benchmarks, queries, questionnaires
from evaluations.models import BenchmarkImport, FollowUp, Invitee, Preparation, Query, Questionnaire, Report, Wave
from members.models import Organisation, User
from tests.factories.evaluations import (
    FollowUpFactory,
    JourneyFactory,
    OutcomeFactory,
    ReportFactory,
    ReportLinkFactory,
    WaveFactory,
)


def _members_questionnaire() -> Questionnaire:
    """That of the yearly wave of members."""
    return Questionnaire.objects.get(template="t1")


OF_THE_ROOM = ("home", "tables", "queries", "quarters", "needs", "questionnaires", "reports", "benchmarks", "method")
OF_THE_TEAM = (
    "outcomes", "outcome_list", "funnel", "engaged", "worklist", "waves", "new_wave", "new_questionnaire",
    "questionnaire_from_file", "new_report", "bring_benchmarks",
)  # fmt: skip
FILE = b"question;option;value\nbarriers;time;41\n"


def load(*, manager: User, evaluator: User) -> None:
    """Three waves that are over, with figures and a report; one that runs, one planned; outcomes, tables, links."""
    waves.load(by=manager)
    WaveFactory(planned=True, version=Wave.objects.with_results()[0].version)
    questionnaires.begin_version(questionnaire=_members_questionnaire(), by=manager)
    members = Organisation.objects.members().filter(kind="company").order_by("pk")[:12]
    for number, member in enumerate(members):
        rung = ("contact", "project", "agreement")[number % 3]
        OutcomeFactory(organisation=member, rung=rung, size_class=member.size_class)
        JourneyFactory(organisation=member, size_class=member.size_class)
    quarter = quarters.due(timezone.localdate())[-1]
    preparations.execute(Preparation.objects.create(wave=None, cut_off=quarter.last).pk)
    _asked(evaluator)
    benchmarks.bring(file_name="panel.csv", data=FILE, by=manager)
    report = Report.objects.get()
    for traits in ({}, {"ended": True}, {"withdrawn": True}):
        ReportLinkFactory(report=report, **traits)
    ReportFactory(queued=True)


def _asked(evaluator: User) -> None:
    """A table, one that waits, and one that cannot be given."""
    newest = Wave.objects.with_results()[0]
    for dimensions in (["size_class"], [], ["size_class", "section", "country"]):
        query = queries.ask(wave=newest, subject="barriers", dimensions=dimensions, filters={}, by=evaluator)
        if dimensions:
            custom_tables.execute(query.pk)


def _at(name: str, *args: object, query: dict[str, object] | None = None) -> str:
    return reverse(f"evaluations:{name}", args=args, query=query)


def of_readers() -> list[str]:
    """What managers and evaluators read alike."""
    pages = [_at(name) for name in OF_THE_ROOM]
    newest, questionnaire = Wave.objects.with_results()[0], _members_questionnaire()
    pages += [_at("results", newest.slug), _at("series", questionnaire.slug)]
    for key in ("barriers", "helped", "results"):
        pages.append(_at("question_results", newest.slug, key))
    pages += [
        _at("question_results", newest.slug, "barriers", query={"by": name}) for name in ("size_class", "experience")
    ]
    pages += [_at("table", query.pk) for query in Query.objects.order_by("pk")]
    pages += [_at("report", report.pk) for report in Report.objects.order_by("pk")]
    pages += [_at("benchmark_import", brought.pk) for brought in BenchmarkImport.objects.all()]
    pages += [_at("questionnaire", questionnaire.slug), _at("version", questionnaire.slug, 1)]
    pages += [_at("compare_versions", questionnaire.slug), _at("questionnaire_template", "t1")]
    return pages


def of_managers() -> list[str]:
    """What managers alone read."""
    pages = [_at(name) for name in OF_THE_TEAM]
    for wave in Wave.objects.order_by("pk"):
        pages += [_at(name, wave.slug) for name in ("wave", "wave_people", "edit_wave")]
    slug = _members_questionnaire().slug
    pages += [_at(name, slug) for name in ("draft", "draft_texts", "add_question", "rename_questionnaire")]
    pages.append(_at("question", slug, "barriers"))
    report = Report.objects.get(status=Report.Status.DONE)
    return [*pages, _at("report_links", report.pk), _at("queries", query={"page": 1})]


def of_members(organisation: Organisation) -> list[str]:
    """What a member was asked, and told."""
    asked = FollowUpFactory(organisation=organisation)
    return [_at("own"), _at("own_outcome", asked.pk)]


def by_link(organisation: Organisation) -> list[str]:
    """What links open without an account, in each language, and what dead ones say."""
    running = Invitee.objects.filter(wave__status=Wave.Status.OPEN).order_by("pk")
    silent, done = running.filter(has_answered=False)[:3], running.filter(has_answered=True)[0]
    pages = []
    for invitee, language in zip(silent, ("en", "sv", "de"), strict=True):
        Invitee.objects.filter(pk=invitee.pk).update(language=language)
        pages += [_at(name, links.token_of(invitee)) for name in ("answer", "decline")]
    pages += [_at("answer", links.token_of(done), query={"change": 1}), _at("thanks", links.token_of(done))]
    closed = Invitee.objects.filter(wave__status=Wave.Status.CLOSED).order_by("pk")[0]
    pages += [_at("answer", links.token_of(closed)), _at("answer", "forged")]
    email = organisation.memberships.order_by("pk")[0].user.email
    asked = FollowUpFactory(organisation=organisation, email=email)
    gone = FollowUp.objects.exclude(email=email).filter(organisation=organisation)
    pages += [_at("follow_up", links.follow_up_token(each)) for each in (asked, *gone)]
    shared = Report.objects.get(status=Report.Status.DONE).links.all()
    pages += [_at("shared_report", report_links.token_of(link)) for link in shared]
    return [*pages, _at("follow_up", "forged"), _at("shared_report", "forged")]
