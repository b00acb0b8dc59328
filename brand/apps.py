"""The room of the public pages."""

from importlib import import_module

from django.apps import AppConfig


class BrandConfig(AppConfig):
    """What everybody reads of the cluster, in its own name and colour."""

    name = "brand"

    def ready(self) -> None:
        """What the room holds on people registers itself."""
        import_module("brand.holdings")
