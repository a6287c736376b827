"""How many may wait, how many may pass, and who has to go. The clock is a number."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from twisted.internet.address import IPv4Address
from twisted.web.http_headers import Headers

from accounts.guessing import browser_in, know
from config.arrivals import CountedRequest
from config.meters import Known, Meter
from config.unfinished import Waiting


def test_a_meter_gives_a_burst_and_then_a_rate() -> None:
    meter = Meter(burst=3, rate=2)
    assert [meter.take("a", 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert [meter.take("b", 0.0) for _ in range(3)] == [True, True, True]
    assert [meter.take("a", 1.0) for _ in range(3)] == [True, True, False]
    assert [meter.take("a", 100.0) for _ in range(4)] == [True, True, True, False]


def test_a_known_session_is_kept_as_a_digest() -> None:
    known = Known()
    known.add("secret")
    assert known.find("secret")
    assert known.find("guess") == known.find("") == ""
    assert "secret" not in repr(known.digests)


def test_what_waits_too_long_is_late() -> None:
    waiting = Waiting(seconds=10, most=9, most_of_one=9)
    for number in range(3):
        assert waiting.begin(number, "a", float(number)) is None
    waiting.end(1)
    waiting.end(1)
    assert waiting.late(9.9) == []
    assert waiting.late(12.0) == [0, 2]


def test_the_oldest_of_a_greedy_address_go_and_nobody_in_the_first_moment() -> None:
    waiting = Waiting(seconds=10, most=99, most_of_one=2)
    for number in range(5):
        waiting.begin(number, "greedy", 0.0)
    waiting.begin("other", "b", 0.0)
    for number in range(5):
        waiting.begin(f"proxied {number}", "", 0.0)
    assert waiting.too_many(0.9) == []
    assert waiting.too_many(1.0) == [0, 1, 2]


def test_where_too_many_wait_in_all_the_oldest_goes() -> None:
    waiting = Waiting(seconds=10, most=2, most_of_one=9)
    assert [waiting.begin(number, str(number), 0.0) for number in range(3)] == [None, None, 0]
    waiting.end(0)
    waiting.end(1)
    waiting.end(2)
    assert (waiting.since, waiting.by_address) == ({}, {})


def test_a_browser_that_was_signed_in_with_is_known_by_its_cookie_alone(rf: RequestFactory) -> None:
    response = HttpResponse()
    know(rf.get("/"), response, "ada@example.org")
    name = settings.KNOWN_BROWSER_COOKIE_NAME
    value = response.cookies[name].value
    assert len(browser_in({name: value})) > 20
    assert browser_in({name: value[:-1]}) == browser_in({name: ""}) == browser_in({}) == ""


class Arriving(CountedRequest):
    """A request of a stranger, without a connection."""

    def __init__(self, path: bytes, **headers: bytes) -> None:
        self.path, self.client = path, IPv4Address("TCP", "192.0.2.200", 5000)
        self.requestHeaders = Headers({name.encode(): [value] for name, value in headers.items()})


@pytest.mark.parametrize("path", [b"/healthz", f"{settings.STATIC_URL}hearth/css/base.css".encode()])
def test_what_everybody_may_fetch_is_not_counted_and_a_handshake_there_is(path: bytes) -> None:
    assert all(Arriving(path).may_pass() for _ in range(200))
    assert not all(Arriving(path, upgrade=b"websocket").may_pass() for _ in range(200))
