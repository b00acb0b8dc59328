"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_portal.settings")

application = get_wsgi_application()
# The addresses import every room: done here, before the first visitor waits for it.
get_resolver().url_patterns  # noqa: B018 - read for its effect
