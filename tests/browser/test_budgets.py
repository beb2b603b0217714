"""What the first view of a page may cost: see ``tests.browser.budgets``."""

import pytest

from tests.browser import budgets

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_first_view_costs_no_more_than_its_budget(browser, running_portal, language):
    found = budgets.costs(browser, running_portal.url, language)
    assert {cost.page for cost in found} == {*budgets.PAGES, *budgets.TEXT_PAGES}
    assert [cost for cost in found if not cost.is_kept] == []
