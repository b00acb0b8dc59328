"""What the container files promise, read where there is no engine to run them."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from core.embedded import PROJECT

COMPOSE_TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
OF_THE_PORTAL = {"web", "worker", "beat", "migrate"}
SECRET_WORDS = re.compile(r"SECRET|PASSWORD|TOKEN|KEY")


def example_variables() -> set[str]:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    return {line.lstrip("#").partition("=")[0] for line in lines if re.match(r"#?[A-Z_]+=", line)}


def test_services_are_those_of_the_house():
    assert set(SERVICES) == OF_THE_PORTAL | {"database", "valkey"}


def test_images_are_named_with_their_version():
    assert SERVICES["database"]["image"] == "postgres:18"
    assert SERVICES["valkey"]["image"] == "valkey/valkey:8"
    assert re.search(r"^FROM python:3\.\d+-slim-\w+$", DOCKERFILE, re.MULTILINE)
    assert {SERVICES[name]["image"] for name in OF_THE_PORTAL} == {"cluster-portal:${PORTAL_VERSION:-local}"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_is_restarted_and_watched(name):
    service = SERVICES[name]

    if name == "migrate":
        assert (service["restart"], service["healthcheck"]) == ("no", {"disable": True})
    else:
        assert service["restart"] == "unless-stopped"
        assert "healthcheck" in service or (name == "web" and "HEALTHCHECK" in DOCKERFILE)


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_portal_starts_after_the_migrations(name):
    needs = SERVICES[name]["depends_on"]

    assert needs["migrate"] == {"condition": "service_completed_successfully"}
    assert needs["valkey"] == {"condition": "service_healthy"}
    assert SERVICES["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_data_is_in_volumes():
    mounted = {volume for service in SERVICES.values() for volume in service.get("volumes", [])}

    assert mounted == {"media:/srv/media", "database:/var/lib/postgresql", "valkey:/data"}
    assert {volume.partition(":")[0] for volume in mounted} == set(COMPOSE["volumes"])
    assert "MEDIA_ROOT=/srv/media" in DOCKERFILE


def test_only_the_web_server_is_reached_and_only_from_this_machine():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${WEB_PORT:-8000}:8000"]


def test_no_secret_is_written_down():
    """Each comes from the environment, and a missing one stops the start with its name."""
    asked = 0
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if SECRET_WORDS.search(name) or "@" in str(value):
                assert re.search(r"\$\{\w+:\?Put \w+ into \.env\}", str(value)), name
                asked += 1
    assert asked >= 9
    assert [
        line for line in (PROJECT / ".env.example").read_text().splitlines() if re.match(r"#?[A-Z_]+=.+", line)
    ] == []


def test_every_variable_that_compose_reads_is_in_the_example():
    read = set(re.findall(r"\$\{(\w+)", COMPOSE_TEXT))

    assert len(read) >= 8
    assert read - example_variables() == set()


def test_example_separates_what_is_needed_from_what_has_a_default():
    needed = set(re.findall(r"\$\{(\w+):\?", COMPOSE_TEXT))
    plain = {
        line.partition("=")[0] for line in (PROJECT / ".env.example").read_text().splitlines() if line[:1].isupper()
    }

    assert plain == needed


def test_image_runs_as_nobody_in_particular_with_pinned_packages():
    users = re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE)

    assert users == ["portal"]
    assert DOCKERFILE.index("USER portal") < DOCKERFILE.index("\nCMD")
    assert "--require-hashes --no-deps -r requirements.txt" in DOCKERFILE
    assert "embedded" not in (PROJECT / "requirements.txt").read_text(), "the image brings no servers of its own"


def test_image_holds_what_the_portal_runs_on_and_nothing_else():
    lines = (PROJECT / ".dockerignore").read_text().splitlines()
    apps = {path.parent.name for path in PROJECT.glob("*/apps.py")}
    folders = [*settings.LOCALE_PATHS, *settings.STATICFILES_DIRS, *settings.TEMPLATES[0]["DIRS"]]
    files = {"gunicorn.conf.py", "manage.py", "requirements.txt"}

    let_in = {line[1:] for line in lines if line.startswith("!")}

    assert lines[1] == "*"
    assert let_in == apps | {"cluster_portal"} | {path.name for path in folders if path.exists()} | files


@pytest.mark.parametrize("name", ["worker", "beat", "migrate"])
def test_commands_are_those_of_the_image(name):
    program, *rest = SERVICES[name]["command"]

    assert program in {"celery", "python"}
    assert Path(PROJECT / "manage.py").exists() if program == "python" else rest[:2] == ["--app", "cluster_portal"]


def test_worker_may_ask_the_database_for_longer_and_migrations_for_ever():
    limits = {name: SERVICES[name]["environment"].get("DATABASE_STATEMENT_TIMEOUT_MS") for name in OF_THE_PORTAL}

    assert limits == {"web": None, "beat": None, "worker": 300_000, "migrate": 0}
