"""Asks one of the portal's health addresses, as the health checks of containers do; slim images have no curl.

    python -m core.probe http://127.0.0.1:8000/health/ready
    python -m core.probe http://web:8000/health/status beat

The exit code is 0 when the answer is 200, or, with a name, when that part is "ok" whatever the others are.
"""

import http.client
import json
import os
import sys
from contextlib import closing
from urllib.parse import urlsplit

WITHIN_SECONDS = 12


def ask(url: str) -> tuple[int, dict[str, str]]:
    """The status and the parts that a health address tells. Raises OSError or HTTPException when nobody answers."""
    address = urlsplit(url)
    with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=WITHIN_SECONDS)) as connection:
        # The portal answers to its own name only, whatever the container is called.
        connection.request("GET", address.path, headers={"Host": urlsplit(os.environ["SITE_URL"]).netloc})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def main(url: str, part: str = "") -> int:
    """Prints what the address tells and returns the exit code."""
    try:
        status, parts = ask(url)
    except (OSError, http.client.HTTPException, ValueError) as error:
        print(f"No answer: {error}")  # noqa: T201 - a command
        return 1
    print(parts)  # noqa: T201
    return 0 if (parts.get(part) == "ok" if part else status == http.client.OK) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
