"""A strategy at each step of its way, as its actions leave it."""

from members.models import User
from programme.actions import strategies
from programme.models import Strategy
from tests.factories.programme import EndorsementFactory, GoalFactory, StrategyFactory


def draft(**facts) -> Strategy:
    """A draft with a goal and a key company on the list."""
    strategy = StrategyFactory(**facts)
    GoalFactory(strategy=strategy, name="Water in Finland")
    EndorsementFactory(strategy=strategy, number=1, asked_at=None, is_key_company=True, name="Klarflod")
    return strategy


def consulted(manager: User, **facts) -> Strategy:
    """It was put to the key company."""
    return strategies.put_to_stakeholders(strategy=draft(**facts), by=manager)


def anchored(manager: User, **facts) -> Strategy:
    """It holds, though the key company has not answered."""
    strategy = consulted(manager, **facts)
    strategies.anchor(strategy=strategy, why="The board decided so.", by=manager)
    strategy.refresh_from_db()
    return strategy
