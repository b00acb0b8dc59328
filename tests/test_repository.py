"""Sweeps over the whole project: what every page, view, file and dependency keeps to."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from brand.actions import put_up_report, save_page
from core.embedded import PROJECT
from evaluations import links as evaluation_links
from evaluations import report_links
from evaluations.models import BenchmarkImport
from funding.reviewing import code_of
from funding.urls import reviews as review_addresses
from matchmaking import links
from members.models import Organisation, User
from programme import links as programme_links
from programme import registration_links, service_links
from programme.urls import services as service_addresses
from tests.client import CheckingClient
from tests.ecosystem.exchange_ground import pages_of_exchange
from tests.ecosystem.ground import pages_of_partners
from tests.evaluations.grounds import content
from tests.evaluations.surveys import pages_of_surveys
from tests.factories.brand import ListingFactory
from tests.factories.evaluations import FollowUpFactory, ReportLinkFactory, VersionFactory, WaveFactory
from tests.factories.funding import AssignmentFactory, CallDocumentFactory, CriterionFactory, PartnerSearchFactory
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, with_programme
from tests.factories.members import InvitationFactory, JoinRequestFactory, MembershipFactory, OrganisationFactory
from tests.factories.opportunities import OpportunityFactory, SourceFactory, imported, table
from tests.factories.programme import (
    ActionItemFactory,
    KPIFactory,
    RegistrationFactory,
    ServiceFactory,
    ServiceRequestFactory,
)
from tests.funding.applying import pages_of_applications
from tests.funding.call_ground import ready
from tests.funding.decisions_ground import decided_paths
from tests.funding.grants_ground import pages_of_grants
from tests.matchmaking.requests_ground import asked_at_once, slots
from tests.matchmaking.running import pages_of_a_day
from tests.programme.ground import anchored

OWN_ROOMS = (
    "brand",
    "core",
    "members",
    "programme",
    "opportunities",
    "matchmaking",
    "funding",
    "ecosystem",
    "evaluations",
    "cluster_portal",
)
# Everything that is open to somebody who is not signed in. Each of these views carries login_not_required.
PUBLIC = {
    "home",
    "robots",
    "sitemap",
    "brand:about",
    "brand:members",
    "brand:company",
    "brand:opportunities",
    "brand:activities",
    "brand:activity",
    "brand:results",
    "brand:report",
    "brand:report_pdf",
    "brand:members_json",
    "brand:embed",
    "brand:colour",
    "funding:list",
    "funding:call",
    "programme:activities",
    "programme:activities_ics",
    "programme:activity",
    "programme:activity_ics",
    "programme:registration",
    "funding:check_call",
    "funding:document",
    "funding:feed",
    "funding:partner_part",
    "funding:partner_confirm",
    "funding:partner_decline",
    "funding:partner_new_link",
    "funding:partner_budget",
    "funding:partner_questions",
    "funding:partner_save",
    "funding:partner_figures",
    "funding:partner_files",
    "funding:partner_file",
    "funding:partner_remove_file",
    "health:live",
    "health:ready",
    "health:status",
    "mail_stop",
    "members:accept",
    "members:ask_again",
    "members:join",
    "members:withdraw_consent",
    "matchmaking:own",
    "matchmaking:sign_up",
    "matchmaking:availability",
    "matchmaking:codes",
    "matchmaking:decline",
    "matchmaking:ballot",
    "matchmaking:hand_in",
    "matchmaking:wish",
    "matchmaking:own_requests",
    "matchmaking:request",
    "matchmaking:answer_request",
    "matchmaking:other_time",
    "matchmaking:leave",
    "matchmaking:ask_new_link",
    "matchmaking:agenda",
    "matchmaking:agenda_ics",
    "matchmaking:public_board",
    "matchmaking:feedback_overview",
    "matchmaking:feedback",
    "matchmaking:outcome",
    "evaluations:follow_up",
    "evaluations:shared_report",
    "evaluations:shared_report_pdf",
    "evaluations:answer",
    "evaluations:thanks",
    "evaluations:decline",
    "evaluations:ask_for_new_link",
    "ecosystem:answer",
    "exchange:inbox",
    "exchange:introduction",
    "opportunities:how",
    "programme:helped",
    "programme:endorse",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_login_code",
    "account_request_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
    "openid_connect_login",
    "openid_connect_callback",
}
# What a look at a page may write: who looked, and that an opportunity was shown or opened.
WRITTEN_ON_GET = {"django_session", "core_auditevent", "opportunities_feedback", "opportunities_showing"}


# --- addresses -------------------------------------------------------------------------------------------------------


def views(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, object]]:
    """Name, path and view of every address; what varies in a path is filled with something that is nowhere."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from views(entry, prefix + str(entry.pattern), inner)
        else:
            yield space + (entry.name or ""), "/" + filled(prefix, entry), entry.callback


def filled(prefix: str, entry: URLPattern) -> str:
    path = re.sub(r"<(int):\w+>", "999999", prefix + str(entry.pattern))
    path = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path)
    path = re.sub(r"\(\?P<\w+>.*?\)(?=[/$-])", "nowhere", path)
    return re.sub(r"<(\w+:)?\w+>", "nowhere", path).replace("^", "").rstrip("$")


def is_own(view: object) -> bool:
    return view.__module__.partition(".")[0] in OWN_ROOMS


ALL_VIEWS = list(views())


def test_paths_of_the_sweep_lead_to_their_views():
    """Otherwise the sweeps below would look at error pages."""
    lost = [path for _, path, view in ALL_VIEWS if get_resolver().resolve(path).func is not view]

    # allauth's old addresses of social accounts stand behind newer ones of the same path.
    assert [path for path in lost if not path.startswith("/accounts/")] == []
    assert len(ALL_VIEWS) >= 90


def test_anonymous_is_led_to_sign_in_everywhere_but_on_public_pages(client, db):
    visited, open_names = 0, set()
    for name, path, _view in ALL_VIEWS:
        response = client.get(path)
        led = response.status_code == 302 and response.headers["Location"].startswith(
            f"{reverse('account_login')}?next="
        )
        visited += 1
        if not led:
            open_names.add(name)

    assert open_names - PUBLIC == set(), "open, and not in the list of public pages"
    assert visited >= 90


def test_public_pages_declare_themselves_and_no_other_does():
    declared = {name for name, _, view in ALL_VIEWS if not getattr(view, "login_required", True)}

    assert declared == PUBLIC


def test_every_view_of_ours_says_which_methods_it_takes(sign_in, manager):
    client, posting, reading = sign_in(manager), 0, 0
    for name, path, view in ALL_VIEWS:
        if not is_own(view):
            continue
        response = client.options(path)
        allowed = set(response.headers.get("Allow", "").split(", "))
        assert response.status_code == 405, f"{name} takes any method"
        assert allowed in ({"POST"}, {"GET", "HEAD"}, {"GET", "POST"}, {"GET", "HEAD", "POST"}), f"{name}: {allowed}"
        if allowed == {"POST"}:
            refused = client.get(path)
            assert (refused.status_code, refused.headers["Allow"]) == (405, "POST"), name
            posting += 1
        else:
            reading += 1

    assert posting >= 20
    assert reading >= 25


def real_path(name: str, path: str, values: dict[str, dict[str, str | int]]) -> str:
    """The address with real things in it: the first start of the view's name that knows an argument gives it."""
    given = resolve(path).kwargs
    for argument in given:
        known = (each[argument] for start, each in values.items() if name.startswith(start) and argument in each)
        given[argument] = next(known, given[argument])
    return reverse(name, kwargs=given)


@pytest.fixture
def real_paths(organisation, manager) -> list[tuple[str, str]]:
    """Every page of ours that can be read, with things in it."""
    source = SourceFactory()
    round_ = RoundFactory(mode="both")
    with_programme(round_)
    own = ParticipantFactory(round=round_, organisation=organisation)
    other = ParticipantFactory(round=round_)
    request = asked_at_once(own, other, slots(round_)[0])
    asked = VersionFactory(content=content())
    wave = WaveFactory(closed=True, version=asked, slug=asked.questionnaire.slug)  # one address for both
    VersionFactory(draft=True, questionnaire=asked.questionnaire, content=content())
    brought = BenchmarkImport.objects.create(file_name="panel.csv")
    searched = PartnerSearchFactory(organisation=organisation)
    shared, followed = ReportLinkFactory(), FollowUpFactory(organisation=organisation)
    registration = RegistrationFactory(organisation=organisation)
    reviewed = AssignmentFactory(reviewer__user=manager, reviewer__call__in_review=True, open=True)
    asked_first = AssignmentFactory(reviewer=reviewed.reviewer)
    judged = CriterionFactory(call=reviewed.reviewer.call)
    save_page(by=manager, seen=0, tagline="Clean water")
    shared.report.pdf.save("report.pdf", ContentFile(b"%PDF-"))
    put_up_report(report=shared.report, by=manager)
    values = {
        "brand:company": {"slug": ListingFactory(full=True).organisation.slug},
        "brand:activity": {"slug": registration.activity.slug},
        "brand:": {"number": 1},
        "evaluations:follow_up": {"token": evaluation_links.follow_up_token(followed)},
        "evaluations:own_outcome": {"pk": followed.pk},
        "evaluations:shared": {"token": report_links.token_of(shared)},
        **{
            f"evaluations:{name}": {"pk": brought.pk}
            for name in ("benchmark_import", "read_benchmarks_again", "withdraw_benchmarks")
        },
        "evaluations:": {
            "pk": shared.report_id,
            "link": shared.pk,
            "slug": wave.slug,
            "number": 1,
            "key": "barriers",
            "name": "t1",
        },
        **decided_paths(organisation, manager),
        "funding:review": {"key": reviewed.key},
        "funding:declare": {"key": asked_first.key},
        "funding:discussion": {"slug": reviewed.reviewer.call.slug, "code": code_of(reviewed.application)},
        "funding:remark": {"code": code_of(reviewed.application)},
        "funding:moderate": {"code": code_of(reviewed.application), "pk": judged.pk},
        **{
            f"funding:{start}": {
                "slug": reviewed.reviewer.call.slug,
                "key": reviewed.key,
                "pk": reviewed.reviewer_id,
                "number": reviewed.application.number,
            }
            for start in ("reopen", "review", "interests", "panel", "assign", "choose_r", "take_", "overrule", "scores")
        },
        "members:invitation": {"pk": InvitationFactory(organisation=organisation).pk},
        "members:join_request": {"pk": JoinRequestFactory().pk},
        "members:": {"slug": organisation.slug, "scheme": "nace", "step": "business"},
        "opportunities:member_feed": {"slug": organisation.slug},
        "opportunities:": {
            "slug": source.slug,
            "reference": OpportunityFactory(source=source).reference,
            "pk": imported(table(2, refused=1), source=source).pk,
        },
        "programme:activit": {"slug": registration.activity.slug, "pk": registration.pk},
        "programme:registration": {"token": registration_links.token_of(registration)},
        **services_of(organisation),
        "funding:consortium": {"reference": searched.topic.reference},
        "funding:search": {"pk": searched.pk},
        "funding:team": {"pk": searched.pk},
        "funding:sheet_": {"pk": searched.pk},
        **pages_of_the_strategy(manager),
        **pages_of_partners(organisation),
        **pages_of_exchange(manager),
        "matchmaking:answer_request": {"pk": request.pk},
        "matchmaking:other_time": {"pk": request.pk},
        "matchmaking:": {
            "slug": round_.slug,
            "token": links.token_of(other),
            "pk": own.pk,
            "other": own.pk,
            "number": TimetableFactory(round=round_, number=1).number,
            "scheme": "nace",
        },
        **review_paths(manager),
        **funding_paths(),
    }
    paths = [(name, real_path(name, path, values)) for name, path, view in ALL_VIEWS if is_own(view)]
    paths += pages_of_grants(manager, organisation)
    return paths + pages_of_a_day() + pages_of_surveys() + pages_of_applications()


def review_paths(manager: User) -> dict[str, dict[str, object]]:
    """What the pages of reviews are asked for: a call in review, in which a manager reviews."""
    row = AssignmentFactory(reviewer__user=manager, reviewer__call__in_review=True, open=True)
    given = {
        "slug": row.reviewer.call.slug,
        "key": row.key,
        "pk": row.reviewer_id,
        "number": row.application.number,
        "code": code_of(row.application),
    }
    paths = {f"funding:{entry.name}": given for entry in review_addresses.urlpatterns}
    paths["funding:declare"] = {"key": AssignmentFactory(reviewer=row.reviewer).key}
    paths["funding:moderate"] = given | {"pk": CriterionFactory(call=row.reviewer.call).pk}
    return paths


def funding_paths() -> dict[str, dict[str, str | int]]:
    """What the pages of a call are asked for: one that is being written, with a part of each kind."""
    call = ready()
    parts = {"funder": call.funders, "question": call.questions, "criterion": call.criteria, "document": call.documents}
    CallDocumentFactory(call=call)
    named = [(act, name, rows.get().pk) for name, rows in parts.items() for act in ("", "move_", "remove_")]
    return {f"funding:{act}{name}": {"pk": pk} for act, name, pk in named} | {"funding:": {"slug": call.slug}}


def services_of(organisation: Organisation) -> dict[str, dict[str, str | int]]:
    """A service with a delivered request, and a step of the plan; one of these has the number of the other."""
    service = ServiceFactory()
    asked = ServiceRequestFactory(service=service, organisation=organisation, delivered=True)
    ActionItemFactory(pk=asked.pk, organisation=organisation)
    values = {"slug": service.slug, "pk": asked.pk, "token": service_links.token_of(asked)}
    of_services = {f"programme:{each.name}": values for each in service_addresses.urlpatterns}
    return of_services | {"programme:plan": {"slug": organisation.slug}}


def pages_of_the_strategy(manager) -> dict[str, dict[str, str | int]]:
    strategy = anchored(manager)
    endorsement, kpi = strategy.endorsements.get(), KPIFactory(goal=strategy.goals.get())
    return {
        **{f"programme:{name}": {"pk": kpi.pk} for name in ("edit_kpi", "delete_kpi", "read_kpi")},
        **{f"programme:{name}": {"pk": endorsement.pk} for name in ("take_off", "send_strategy_again")},
        **{f"programme:{name}_goal": {"pk": kpi.goal_id} for name in ("edit", "delete", "give_up", "take_up")},
        **{f"programme:{name}": {"pk": kpi.goal_id} for name in ("goal", "new_kpi")},
        "programme:": {"slug": strategy.slug, "number": 1, "token": programme_links.token_of(endorsement)},
    }


def test_looking_changes_nothing(sign_in, manager, owner, real_paths):
    """A GET writes nothing but who looked; crawlers, previews and a second click do no harm."""
    shown: set[str] = set()
    for user in (manager, owner):
        client: CheckingClient = sign_in(user)
        for name, path in real_paths:
            reset_queries()  # what is kept of all pages together is limited
            with CaptureQueriesContext(connection) as queries:
                response = client.get(path)
                b"".join(response)  # a download does its work while it is read
            written = {table for query in queries for table in writes(query["sql"])}
            assert written <= WRITTEN_ON_GET, f"{name}: {written}"
            if response.status_code == 200:
                shown.add(name)

    assert len(shown) >= 30, sorted({name for name, _ in real_paths} - shown)


# What an evaluator may open beside the room of figures: public pages, the own account, and a list of codes.
OF_EVERY_ACCOUNT = {
    "members:codes", "members:download_my_data", "members:erase_account", "members:my_data", "members:profile",
    "members:settings",
}  # fmt: skip
OWN_OF_MEMBERS = {"evaluations:own", "evaluations:own_outcome"}
READ_BY_EVALUATORS = {
    "home", "results", "question_results", "results_csv", "results_xlsx", "question_csv", "question_xlsx", "series",
    "method", "benchmarks", "bring_benchmarks", "benchmark_import", "tables", "queries", "table", "table_csv",
    "table_xlsx", "reports", "report", "report_pdf", "questionnaires", "questionnaire", "questionnaire_template",
    "version", "version_file", "compare_versions", "quarters", "boosters", "outcome_tables", "needs",
}  # fmt: skip


def test_evaluators_find_figures_and_nothing_else_anywhere(sign_in, evaluator, real_paths):
    """Who is asked, who answered, members, opportunities, rounds: nothing that says who is who."""
    client, found = sign_in(evaluator), set()
    for name, path in real_paths:
        response = client.get(path)
        b"".join(response)
        if response.status_code < 400:
            found.add(name)

    elsewhere = {name for name in found - PUBLIC - OF_EVERY_ACCOUNT if not name.startswith("evaluations:")}
    assert elsewhere == set()
    in_the_room = {name.partition(":")[2] for name in found - PUBLIC if name.startswith("evaluations:")}
    assert in_the_room - READ_BY_EVALUATORS == set()
    assert len(in_the_room) >= 10


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "partner"])
def test_figures_are_not_for_members_and_partners(request, sign_in, real_paths, who):
    """Beside links that somebody was sent, and the own outcomes of a member, the room is closed to them."""
    if who == "partner":
        user = MembershipFactory(organisation=OrganisationFactory(partner=True)).user
    else:
        user = request.getfixturevalue(who)
    client, swept, found = sign_in(user), 0, set()
    for name, path in real_paths:
        if name.startswith("evaluations:") and name not in PUBLIC:
            swept += 1
            response = client.get(path)
            if response.status_code not in (403, 404, 405):
                found.add(name)

    assert swept >= 40
    assert found <= OWN_OF_MEMBERS


def writes(sql: str) -> list[str]:
    return re.findall(r'\b(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)


# --- files -----------------------------------------------------------------------------------------------------------


@cache
def files(*endings: str) -> tuple[Path, ...]:
    """What is committed or will be: not what tools leave behind, which .gitignore names."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    found = (PROJECT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in found if path.suffix in endings and path.is_file()))


def relative(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def test_no_file_names_a_machine_or_a_package_index():
    elsewhere = re.compile(r"/(?:work|root|home|Users)/\w|\bpypi\.|files\.pythonhosted|--(?:extra-)?index[-]url\s*http")
    endings = (".py", ".html", ".txt", ".md", ".toml", ".yml", ".css", ".js", "")
    looked_at = [path for path in files(*endings) if path != Path(__file__)]

    assert len(looked_at) >= 250
    assert [relative(path) for path in looked_at if elsewhere.search(path.read_text(errors="ignore"))] == []


def test_templates_are_short_and_free_of_inline_code():
    inline = re.compile(r"\sstyle=|\son[a-z]+=|\shx-on|javascript:|<style|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    templates = [path for path in files(".html") if "templates" in path.parts]

    assert len(templates) >= 80
    assert [relative(path) for path in templates if len(path.read_text().splitlines()) > 150] == []
    pages = [path for path in templates if "emails" not in path.parts]
    assert [relative(path) for path in pages if inline.search(path.read_text())] == []


def test_functions_and_files_stay_short():
    long = []
    modules = [p for p in files(".py") if relative(p).startswith(OWN_ROOMS) and "migrations" not in p.parts]
    for path in modules:
        text = path.read_text()
        if len(text.splitlines()) > 420:
            long.append(relative(path))
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        long += [f"{relative(path)}: {node.name}" for node in functions if node.end_lineno - node.lineno >= 50]

    assert len(modules) >= 100
    assert long == []


# --- dependencies and contracts --------------------------------------------------------------------------------------

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())


def named(requirements: list[str]) -> set[str]:
    return {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in requirements}


RUNTIME = named(PYPROJECT["project"]["dependencies"])
DEVELOPMENT = named(PYPROJECT["dependency-groups"]["dev"])


def declared_names(lines: list[str]) -> list[str]:
    return [re.match(r'\s+"([\w.-]+)', line)[1].lower().replace("_", "-") for line in lines]


def test_every_dependency_has_a_reason():
    lines = (PROJECT / "pyproject.toml").read_text().splitlines()
    declared = [line for line in lines if re.match(r'    "[\w.-]+(\[[\w,]+\])?[><=]', line)]

    assert {*declared_names(declared)} == {*RUNTIME, *DEVELOPMENT}
    assert len(declared) >= 50
    assert [line for line in declared if not re.search(r'",\s+# \w.{9,}', line)] == []


@pytest.mark.parametrize(
    ("name", "needs"), [("requirements.txt", RUNTIME), ("requirements-dev.txt", RUNTIME | DEVELOPMENT)]
)
def test_requirements_are_pinned_with_hashes_and_name_no_index(name, needs):
    entries = re.split(r"\n(?=\S)", (PROJECT / name).read_text().strip())
    pinned = {re.match(r"[\w.-]+", entry)[0].lower() for entry in entries}

    assert [entry for entry in entries if not re.match(r"[\w.-]+(\[[\w,]+\])?==\S+.*\\\n +--hash=sha256:", entry)] == []
    assert re.findall(r"https?:|--(?!hash=)\S+| @ ", "\n".join(entries)) == []
    assert needs - pinned == set(), "run 'make requirements'"


def test_what_is_imported_is_declared():
    """A package that another one happens to bring may be gone with its next version."""
    packages, undeclared, seen = metadata.packages_distributions(), set(), set()
    for path in files(".py"):
        allowed = RUNTIME | DEVELOPMENT if relative(path).startswith(("tests", "benchmarks")) else RUNTIME
        for module in imported_modules(path):
            if module in sys.stdlib_module_names or (PROJECT / module).exists():
                continue
            seen.add(module)
            if not {each.lower().replace("_", "-") for each in packages.get(module, [])} & allowed:
                undeclared.add(f"{relative(path)}: {module}")

    assert len(seen) >= 30
    assert undeclared == set()


def imported_modules(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found


def test_rooms_keep_to_their_floors():
    """The contracts stand in pyproject.toml; every room that there is must be in them."""
    contracts = PYPROJECT["tool"]["importlinter"]
    rooms = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    floors = {room for layer in contracts["contracts"][0]["layers"] for room in layer.split(" | ")}
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert rooms == set(contracts["root_packages"]) == floors
    assert done.returncode == 0, done.stdout


def test_no_migration_is_missing(db):
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
