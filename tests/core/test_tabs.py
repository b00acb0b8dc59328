"""Tabs: the nearest one is marked, and what belongs together stands behind one."""

from core.tabs import grouped_tabs, tabs_of

RESULTS = ("Results", [("/room/", "Waves"), ("/room/tables/", "Tables")])
OUTCOMES = ("Outcomes", [("/room/ladder/", "Ladder"), ("/room/funnel/", "Funnel")])


def marked(tabs):
    return [tab["label"] for tab in tabs if tab["current"]]


def test_the_nearest_tab_above_a_page_is_marked():
    entries = [("/room/", "Overview"), ("/room/people/", "People")]

    assert marked(tabs_of("/room/people/7/", entries)) == ["People"]
    assert marked(tabs_of("/room/edit/", entries)) == ["Overview"]
    assert marked(tabs_of("/elsewhere/", entries)) == []


def test_only_the_group_that_one_is_in_shows_its_pages():
    results, outcomes = grouped_tabs("/room/funnel/", [RESULTS, OUTCOMES])

    assert (results["url"], results["parts"], results["current"]) == ("/room/", [], False)
    assert (outcomes["url"], outcomes["current"]) == ("/room/ladder/", True)
    assert [part["label"] for part in outcomes["parts"]] == ["Ladder", "Funnel"]
    assert marked(outcomes["parts"]) == ["Funnel"]


def test_a_group_of_one_has_no_second_line_and_a_group_of_none_no_tab():
    tabs = grouped_tabs("/room/ladder/", [RESULTS, ("Outcomes", OUTCOMES[1][:1]), ("Surveys", [])])

    assert [tab["label"] for tab in tabs] == ["Results", "Outcomes"]
    assert marked(tabs) == ["Outcomes"]
    assert tabs[1]["parts"] == []
