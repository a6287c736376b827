"""The office: who finds it, what its forms take, and what they say when something cannot be done."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from glasses import REASON, cast, opened, requested

from accounts.models import User
from audit.models import Entry
from breakglass import actions
from breakglass.models import Glass

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_for_members_there_is_no_such_office_but_their_own_page() -> None:
    alan, _, bob = cast()
    glass = requested(alan, bob)
    client = client_of(bob)
    for path in ("", "ask/", f"{glass.pk}/"):
        assert client.get(f"/break-glass/{path}").status_code == 404
    for step in ("approve", "refuse", "end"):
        assert client.post(f"/break-glass/{glass.pk}/{step}/").status_code == 404
    assert client.get("/break-glass/about-me/").status_code == 200
    refused = Entry.objects.filter(verb="accounts.access_refused", actor_id=str(bob.pk))
    assert refused.exists()


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(client: Client) -> None:
    for path in ("", "ask/", "about-me/", "notices/", "1/", "1/chats/"):
        assert client.get(f"/break-glass/{path}").headers["Location"].startswith("/account/login/"), path


def test_a_request_is_asked_decided_and_ended_by_its_forms() -> None:
    alan, olga, bob = cast()
    asks, decides = client_of(alan), client_of(olga)
    found = asks.get("/break-glass/ask/?q=bob").content.decode()
    assert f"?about={bob.pk}" in found
    form = {"reason": REASON, "reference": "HR-7", "hours": "8"}
    response = asks.post(f"/break-glass/ask/?about={bob.pk}", form)
    glass = Glass.objects.for_housekeeping().get()
    assert response.headers["Location"] == f"/break-glass/{glass.pk}/"
    assert "can decide, as the second person" in asks.get(f"/break-glass/{glass.pk}/").content.decode()
    assert asks.post(f"/break-glass/{glass.pk}/approve/").status_code == 403
    page = decides.get(f"/break-glass/{glass.pk}/").content.decode()
    assert (REASON in page, "for 8 h" in page) == (True, True)
    assert decides.post(f"/break-glass/{glass.pk}/approve/").status_code == 302
    assert f"/break-glass/{glass.pk}/chats/" in asks.get(f"/break-glass/{glass.pk}/").content.decode()
    assert f"/break-glass/{glass.pk}/chats/" not in decides.get(f"/break-glass/{glass.pk}/").content.decode()
    again = decides.post(f"/break-glass/{glass.pk}/refuse/")
    assert (again.status_code, "decided already" in again.content.decode()) == (409, True)
    assert asks.post(f"/break-glass/{glass.pk}/end/").status_code == 302
    assert "ended by hand, by Alan" in " ".join(decides.get(f"/break-glass/{glass.pk}/").content.decode().split())


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"reason": "curious", "hours": "4"}, "Write at least 20 characters"),
        ({"reason": " " * 40 + "curious", "hours": "4"}, "Write at least 20 characters"),
        ({"reason": "x" * 1001, "hours": "4"}, "at most 1000 characters"),
        ({"reason": "nul \x00 " + REASON, "hours": "4"}, "Null characters are not allowed"),
        ({"reason": REASON, "hours": "0"}, "greater than or equal to 1"),
        ({"reason": REASON, "hours": "73"}, "less than or equal to 72"),
        ({"reason": REASON, "hours": "soon"}, "whole number"),
        ({"reason": REASON, "hours": "4", "reference": "x" * 121}, "at most 120 characters"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(form: dict[str, str], sentence: str) -> None:
    alan, _, bob = cast()
    response = client_of(alan).post(f"/break-glass/ask/?about={bob.pk}", form)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not Glass.objects.for_housekeeping().exists()


def test_whom_it_is_about_must_be_somebody_else_who_is_there() -> None:
    alan, _, _ = cast()
    client = client_of(alan)
    form = {"reason": REASON, "hours": "4"}
    for about in (alan.pk, uuid4()):
        assert client.get(f"/break-glass/ask/?about={about}").status_code == 404
        assert client.post(f"/break-glass/ask/?about={about}", form).status_code == 404
    assert client.post("/break-glass/ask/?about=nonsense", form).status_code == 400
    assert client.post("/break-glass/ask/", form).status_code == 400
    assert not Glass.objects.for_housekeeping().exists()


def test_an_auditor_decides_but_does_not_ask() -> None:
    _, olga, bob = cast()
    client = client_of(olga)
    assert client.get("/break-glass/").status_code == 200
    response = client.get(f"/break-glass/ask/?about={bob.pk}")
    assert (response.status_code, "Only owners and administrators" in response.content.decode()) == (403, True)


def test_the_requests_are_listed_page_by_page_by_a_constant_number_of_queries() -> None:
    alan, olga, bob = cast()
    client = client_of(olga)
    opened(alan, olga, bob)
    actions.end(Glass.objects.for_housekeeping().get(), by=alan)
    with CaptureQueriesContext(connection) as few:
        client.get("/break-glass/")
    facts = {"asked_by": alan, "about": bob, "reason": REASON, "hours": 1, "decision": "refused", "decided_by": olga}
    facts["ended_at"] = Glass.objects.for_housekeeping().get().ended_at
    Glass.objects.bulk_create(Glass(**facts) for _ in range(64))
    with CaptureQueriesContext(connection) as many:
        page = client.get("/break-glass/")
    assert len(many) == len(few) <= 15
    seen = [glass.pk for glass in page.context["past"]]
    while page.context["more"]:
        page = client.get(f"/break-glass/?before={page.context['more']}")
        seen += [glass.pk for glass in page.context["past"]]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 65
    for bad in ("x", "-1", "9" * 30):
        assert client.get(f"/break-glass/?before={bad}").status_code == 404
    for path in (f"{'9' * 30}/", f"{'9' * 30}/chats/"):
        assert client.get(f"/break-glass/{path}").status_code == 404


def test_a_page_needs_no_more_than_one_query_for_the_notices_of_a_member() -> None:
    _, _, bob = cast()
    client = client_of(bob)
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert sum("breakglass_glass" in query["sql"] for query in queries) == 1
