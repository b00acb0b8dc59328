"""The roof: settings, addresses, the Celery application and the home page. No app imports it."""

from cluster_portal.celery import app as celery_app

__all__ = ["celery_app"]
