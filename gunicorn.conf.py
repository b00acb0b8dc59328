"""How gunicorn serves the portal: the same in the container, in the demo and in the tests."""

import gc
import multiprocessing
import os

wsgi_app = "cluster_portal.wsgi:application"
bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", min(multiprocessing.cpu_count(), 4)))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 20
max_requests = 2000
max_requests_jitter = 200
# Loaded once and shared by all workers; whoever can connect gets an answer at once.
preload_app = True
# Only a proxy on this machine is believed; name others in FORWARDED_ALLOW_IPS, which gunicorn reads itself.
control_socket_disable = True
errorlog = "-"
loglevel = "warning"


def when_ready(server: object) -> None:
    """Before the workers are forked: what is compiled is loaded once, and shared like the rest."""
    from django.urls import get_resolver  # noqa: PLC0415 - needs the application, which is loaded by now

    from matchmaking.waiting_list import warm_up  # noqa: PLC0415 - the same

    # Every page with what it needs: the statistics alone take a second, which the first reader would wait for.
    _ = get_resolver().url_patterns
    try:
        warm_up()
    except Exception:  # all but the timetables works without it, and says so when asked
        server.log.exception("The solver is not ready")
    # What was loaded stays for good. Looking through it for garbage would hold up every few pages by 0.2 s.
    gc.collect()
    gc.freeze()
