"""The room of the public pages."""

from django.apps import AppConfig


class BrandConfig(AppConfig):
    """What everybody reads of the cluster, in its own name and colour."""

    name = "brand"
