"""Would it run in production? The checks that `make check` makes, in the environment that production has.

    python -m tests.deployment

Servers are started for it in a folder that is thrown away. It ends at the first check that fails, with its exit code.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import execute_from_command_line

from core import embedded
from core.embedded import Services

# As docs/operations.md asks for them; the values are nobody's.
PRODUCTION = {
    "DATABASE_URL": "postgres://portal:secret@database.example:5432/portal",
    "REDIS_URL": "redis://valkey.example:6379/0",
    "SECRET_KEY": "a-key-for-the-checks-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "SITE_URL": "https://portal.havsbris.example",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.havsbris.example:587",
    "DEFAULT_FROM_EMAIL": "portal@havsbris.example",
    "MEDIA_ROOT": "/srv/media",
    "BEHIND_PROXY": "true",
    "ALLOWED_HOSTS": None,
    "DEBUG": None,
    "LOG_FORMAT": None,
}

CHECKS = (
    ("check", "--deploy", "--fail-level", "WARNING"),
    ("makemigrations", "--check", "--dry-run"),
    ("collectstatic", "--noinput", "--verbosity", "0"),
)


@contextmanager
def production(**changes: str | None) -> Iterator[dict[str, str]]:
    """The environment of a production process, with servers and folders of its own that are thrown away."""
    folder = Path(tempfile.mkdtemp(prefix="portal-production-"))
    try:
        with Services(folder, quick_and_unsafe=True):
            own = {
                "DATABASE_URL": embedded.database_url(folder),
                "REDIS_URL": embedded.redis_url(folder),
                "MEDIA_ROOT": str(folder / "media"),
                "STATIC_ROOT": str(folder / "static"),
            }
            wanted = dict(os.environ) | PRODUCTION | own | changes
            yield {name: value for name, value in wanted.items() if value is not None}
    finally:
        shutil.rmtree(embedded.socket_directory(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Makes every check. The one that fails ends the process with its own exit code."""
    with production() as environment:
        os.environ.clear()
        os.environ.update(environment)
        for check in CHECKS:
            print("manage.py", *check, flush=True)
            execute_from_command_line(["manage.py", *check])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "cluster_portal.settings"
    main()
