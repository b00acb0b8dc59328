"""docs/operations.md says what the code does: every variable, no other, and the commands that it names."""

import re

from django.core.management import get_commands
from django.urls import reverse

from core.embedded import PROJECT

TEXT = (PROJECT / "docs" / "operations.md").read_text()
READERS = (
    "cluster_portal/settings.py",
    "gunicorn.conf.py",
    "core/embedded.py",
    "cluster_portal/management/commands/demo.py",
)
READS = re.compile(r"""(?:\benv(?:\.\w+)?\(|\benviron(?:\.get\(|\.setdefault\(|\[))\s*["']([A-Z_]+)["']""")
OURS_TO_SET = {"DJANGO_SETTINGS_MODULE"}


def listed(heading: str) -> dict[str, str]:
    """The variables of the table below a heading, and their meaning."""
    section = re.split(r"^##+ ", TEXT.partition(f"{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return dict(re.findall(r"^\| `([A-Z_]+)` \| .+? \| (.+?) \|$", section, re.MULTILINE))


def read_by(paths) -> set[str]:
    return {name for path in paths for name in READS.findall((PROJECT / path).read_text())} - OURS_TO_SET


def test_every_variable_that_is_read_is_listed_and_no_other():
    variables = listed("## Variables")

    assert set(variables) == read_by(READERS)
    assert len(variables) >= 25
    assert all(meaning.endswith(".") for meaning in variables.values())


def test_nobody_else_reads_the_environment():
    rooms = ("core", "members", "opportunities", "cluster_portal")
    paths = [path for room in rooms for path in (PROJECT / room).rglob("*.py")]
    others = [path for path in paths if str(path.relative_to(PROJECT)) not in READERS]

    assert len(paths) > len(others) > 100
    assert read_by(others) <= {"SITE_URL"}


def test_variables_of_the_compose_file_are_listed():
    compose = (PROJECT / "docker-compose.yml").read_text()
    read = set(re.findall(r"\$\{(\w+)", compose))

    assert set(listed("### Read by docker-compose.yml only")) == read - set(listed("## Variables"))
    assert len(read) >= 8


def test_example_holds_what_operators_set_and_nothing_that_the_files_set():
    example = set(re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    set_by_the_files = {"DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "STATIC_ROOT", "WEB_BIND"}
    of_developers = {"DEBUG", "PORT", "PORTAL_RUN_DIR"}

    everything = set(listed("## Variables")) | set(listed("### Read by docker-compose.yml only"))
    assert example == everything - set_by_the_files - of_developers


def test_commands_and_addresses_that_it_names_are_there():
    commands = set(re.findall(r"manage\.py (\w+)", TEXT))

    assert commands >= {"create_home", "mail", "clearsessions"}
    assert commands - set(get_commands()) == set()
    for name in ("live", "ready", "status"):
        assert f"`{reverse(f'health:{name}')}`" in TEXT
