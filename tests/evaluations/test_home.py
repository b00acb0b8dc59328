"""The first page of the room, and who comes in."""

from tests.factories.evaluations import WaveFactory

PATH = "/evaluations/"


def test_managers_and_evaluators_find_the_closed_waves(sign_in, manager, evaluator):
    closed = WaveFactory(closed=True)
    running = WaveFactory()
    for user in (manager, evaluator):
        page = sign_in(user).get(PATH)

        assert closed.name in page.content.decode()
        assert running.name not in page.content.decode()


def test_members_are_told_that_figures_are_for_others(sign_in, owner):
    page = sign_in(owner).get(PATH)

    assert page.status_code == 403
    assert "Figures are for cluster managers and evaluators." in page.content.decode()
