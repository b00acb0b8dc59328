from importlib import import_module

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        """What the room holds on people registers itself."""
        import_module("members.holdings")
