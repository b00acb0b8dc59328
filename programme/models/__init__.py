"""The room's rows: the strategy with its goals, the service catalogue, and activities."""

from programme.models.activities import Activity, Host, Registration, WayAbroad
from programme.models.aims import Aimed
from programme.models.services import ActionItem, Function, Service, ServiceRequest
from programme.models.strategies import KPI, Endorsement, Goal, Reading, Strategy, StrategyVersion

__all__ = [
    "KPI",
    "ActionItem",
    "Activity",
    "Aimed",
    "Endorsement",
    "Function",
    "Goal",
    "Host",
    "Reading",
    "Registration",
    "Service",
    "ServiceRequest",
    "Strategy",
    "StrategyVersion",
    "WayAbroad",
]
