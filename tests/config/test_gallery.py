"""The list of pages that are looked at holds every page there is."""

from authz import matrix, routes
from gallery import BY, NO_PAGE, routes_with_pages


def test_every_route_that_lets_somebody_in_is_looked_at_or_says_why_not() -> None:
    lets_in = {row.route for row in matrix().rows if "200" in row.told["GET"].values()}
    assert {row.route for row in routes_with_pages()} == lets_in - NO_PAGE.keys()


def test_nothing_is_excused_that_is_not_there() -> None:
    lets_in = {row.route for row in matrix().rows if "200" in row.told["GET"].values()}
    assert sorted(NO_PAGE.keys() - lets_in) == []
    assert sorted(BY.keys() - set(routes())) == []
