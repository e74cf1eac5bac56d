"""The page's own tests, and its types of both APIs."""

from scripts import build_page, page_types


def test_what_is_pure_in_the_page_keeps_its_promises():
    assert build_page.make("test") == 0


def test_the_page_knows_both_apis_as_they_are():
    assert page_types.make(check=True) == 0, "`make page-types` brings the page up to date"
