"""Servers elsewhere: where they may be, who may ask them, what leaves the premises, and what is written down of it."""

import json
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from factories import PASSWORD, asked, make_deployment, make_owner, make_team, make_user

from accounts.authority import standing_of
from accounts.models import Team, User
from accounts.refusal import Refusal
from audit.models import Entry
from chat import actions as chat_actions
from chat import serving
from chat.models import Generation
from chat.outside import MAY_NOT_LEAVE
from models_admin import endpoints
from models_admin.engine.outbound import Rules, near_from
from models_admin.engine.process import ModelRefused
from models_admin.models import Deployment, DeploymentTeam, Endpoint, OutsidePolicy, TeamModel
from models_admin.queries import allowed_to, may_still_leave
from models_admin.seat import seat_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KEY = "sk-very-secret"
LISTED = patch("models_admin.engine.remote.models_at", return_value=[])
NEAR = {"name": "Hall", "url": "http://127.0.0.1:9/v1", "leaves": False}
FAR = {"name": "Cloud", "url": "https://93.184.215.14/v1", "leaves": True}


@pytest.fixture(autouse=True)
def _reachable(settings: Any) -> None:
    settings.OUTBOUND = Rules((near_from("127.0.0.1"),), outside=True)


@pytest.fixture
def olga() -> User:
    return make_owner()


@pytest.fixture
def ada() -> User:
    return make_user()


def team_of(user: User) -> Team:
    return Team.objects.get(memberships__user=user)


def remote(endpoint: Endpoint, name: str = "Remote") -> Deployment:
    return Deployment.objects.create(endpoint=endpoint, name=name, remote_model="m", slots=2)


def may(user: User) -> set[str]:
    return {one.name for one in allowed_to(standing_of(user))}


def test_a_key_is_sealed_and_stands_nowhere_else(olga: User, client: Client) -> None:
    made = endpoints.add(NEAR, key=KEY, by=olga)
    assert KEY not in made.sealed_key != ""
    assert endpoints.spec_of(made, model="m", slots=1, context=1).key == KEY
    client.force_login(olga, backend=BACKEND)
    assert KEY not in client.get(reverse("models_admin:endpoint", args=[made.pk])).text
    assert KEY not in "".join(
        entry.body if isinstance(entry.body, str) else str(entry.body) for entry in Entry.objects.all()
    )
    endpoints.replace_key(made, "", by=olga)
    made.refresh_from_db()
    assert made.sealed_key == ""


def test_a_key_sealed_with_another_signing_key_is_asked_for_again(olga: User, settings: Any) -> None:
    made = endpoints.add(NEAR, key=KEY, by=olga)
    settings.SECRET_KEY = "another"
    with pytest.raises(ModelRefused, match="Enter the key again"):
        endpoints.spec_of(made, model="m", slots=1, context=1)


def test_a_key_goes_to_the_server_for_which_it_was_entered_alone(olga: User, client: Client) -> None:
    made = endpoints.add(NEAR, key=KEY, by=olga)
    endpoints.change(made, NEAR | {"url": "http://127.0.0.1:9/v2", "name": "Corridor"}, by=olga)
    made.refresh_from_db()
    assert endpoints.spec_of(made, model="m", slots=1, context=1).key == KEY
    client.force_login(olga, backend=BACKEND)
    sent = {"name": "Corridor", "url": "http://127.0.0.1:10/v2"}
    page = client.post(reverse("models_admin:change_endpoint", args=[made.pk]), sent, follow=True)
    assert "is forgotten" in page.text
    made.refresh_from_db()
    assert made.sealed_key == ""
    entry = Entry.objects.filter(verb="models.endpoint_changed").latest("seq")
    assert json.loads(entry.body)["changes"]["key"] == {"old": True, "new": False}


def test_a_key_that_no_header_can_carry_is_refused(olga: User, client: Client) -> None:
    client.force_login(olga, backend=BACKEND)
    odd = "sk-very secret"
    page = client.post(reverse("models_admin:add_endpoint"), {**NEAR, "leaves": "", "key": odd})
    assert (page.status_code, "no key has" in page.text, odd in page.text) == (400, True, False)
    made = endpoints.add(NEAR, key=KEY, by=olga)
    page = client.post(reverse("models_admin:key_endpoint", args=[made.pk]), {"key": odd})
    assert (page.status_code, "no key has" in page.text, odd in page.text) == (400, True, False)
    made.refresh_from_db()
    assert endpoints.spec_of(made, model="m", slots=1, context=1).key == KEY


@pytest.mark.parametrize(
    ("url", "leaves", "sentence"),
    [
        ("http://10.0.0.1/v1", False, "has not named"),
        ("http://169.254.169.254/v1", False, "nothing may be asked"),
        ("https://10.0.0.1/v1", True, "not outside"),
        ("http://93.184.215.14/v1", True, "over https"),
        ("file:///etc/passwd", False, "begins with http"),
        ("http://2130706433/v1", False, "four decimal"),
    ],
)
def test_an_address_is_judged_when_it_is_written_down(
    olga: User, client: Client, url: str, leaves: bool, sentence: str
) -> None:
    client.force_login(olga, backend=BACKEND)
    sent = {"name": "Odd", "url": url, "key": ""} | ({"leaves": "on"} if leaves else {})
    page = client.post(reverse("models_admin:add_endpoint"), sent)
    assert page.status_code == 400
    assert sentence in page.text
    made = endpoints.add(NEAR, key="", by=olga)
    page = client.post(reverse("models_admin:change_endpoint", args=[made.pk]), sent)
    assert sentence in page.text
    assert Endpoint.objects.get().url == NEAR["url"]


def test_and_once_more_when_it_is_asked(olga: User, settings: Any) -> None:
    made = endpoints.add(NEAR, key="", by=olga)
    settings.OUTBOUND = Rules()
    endpoints.test(made, by=olga)
    made.refresh_from_db()
    assert "has not named" in made.problem
    with pytest.raises(ModelRefused, match="has not named"):
        endpoints.open_engine(remote(made))


def test_a_test_says_what_is_wrong(olga: User) -> None:
    made = endpoints.add(NEAR, key="", by=olga)
    assert endpoints.test(made, by=olga) == []
    made.refresh_from_db()
    assert "Nobody listens" in made.problem
    assert Entry.objects.latest("seq").verb == "models.endpoint_tested"


def test_two_of_a_name_and_one_in_use_are_refused(olga: User) -> None:
    made = endpoints.add(NEAR, key="", by=olga)
    with pytest.raises(Refusal, match="of this name"):
        endpoints.add(NEAR, key="", by=olga)
    remote(made)
    with pytest.raises(Refusal, match="deployed from this"):
        endpoints.remove(made, by=olga)


def test_a_change_has_hosts_load_anew(olga: User) -> None:
    made = endpoints.add(NEAR, key="", by=olga)
    deployment = remote(made)
    endpoints.change(made, NEAR | {"url": "http://127.0.0.1:10/v1"}, by=olga)
    endpoints.replace_key(made, KEY, by=olga)
    deployment.refresh_from_db()
    assert deployment.revision == 3


def test_what_leaves_needs_the_policy_and_a_team_that_is_allowed(olga: User, ada: User) -> None:
    here, far = make_deployment(), remote(endpoints.add(FAR, key=KEY, by=olga))
    team = team_of(ada)
    assert may(ada) == {"Stub"}
    endpoints.set_policy(may=True, terms="Nothing secret.", by=olga)
    assert may(ada) == {"Stub"}
    word = DeploymentTeam.objects.create(deployment=far, team=team, allowed=True)
    assert may(ada) == {"Stub", "Remote"}
    assert may_still_leave(team.pk, far)
    word.allowed = False
    word.save()
    assert may(ada) == {"Stub"}
    assert not may_still_leave(team.pk, far)
    word.allowed = True
    word.save()
    endpoints.set_policy(may=False, terms="", by=olga)
    assert may(ada) == {"Stub"}
    assert not may_still_leave(team.pk, far)
    endpoints.set_policy(may=True, terms="", by=olga)
    TeamModel.objects.create(team=team, deployment=here)
    assert may(ada) == {"Stub"}
    assert not may_still_leave(team.pk, far)


def test_a_denied_team_never_asks_and_where_teams_are_allowed_only_they_do(ada: User) -> None:
    bob = make_user("bob", team=make_team("Other"))
    _, denied, some = (make_deployment(f"stub:?n={n}", name=name) for n, name in enumerate(("All", "Denied", "Some")))
    DeploymentTeam.objects.create(deployment=denied, team=team_of(ada), allowed=False)
    DeploymentTeam.objects.create(deployment=some, team=team_of(ada), allowed=True)
    assert (may(ada), may(bob)) == ({"All", "Some"}, {"All", "Denied"})
    TeamModel.objects.create(team=team_of(ada), deployment=some)
    TeamModel.objects.create(team=team_of(ada), deployment=denied)
    assert may(ada) == {"Some"}


def test_each_question_that_leaves_is_written_down_and_its_answer_is_marked(
    olga: User, ada: User, client: Client
) -> None:
    far = remote(endpoints.add(FAR, key=KEY, by=olga))
    OutsidePolicy.objects.create(allowed=True, terms="Nothing secret, please.")
    DeploymentTeam.objects.create(deployment=far, team=team_of(ada), allowed=True)
    generation = asked(ada, "marmalade", deployment=far)
    with (
        patch("models_admin.engine.remote.models_at", return_value=[]),
        patch("models_admin.engine.remote.Call", side_effect=RuntimeError),
    ):
        serving.serve(far.pk)
    generation.refresh_from_db()
    assert generation.left_premises
    entry = Entry.objects.filter(verb="models.asked_outside").latest("seq")
    assert (entry.actor_kind, entry.actor_id) == ("person", str(ada.pk))
    assert "marmalade" not in str(entry.body)
    client.force_login(ada, backend=BACKEND)
    page = client.get(generation.message.conversation.get_absolute_url()).text
    assert "left the premises" in page
    assert "Remote · leaves the premises" in " ".join(page.split())
    assert "Nothing secret, please." in page


def test_what_may_no_longer_leave_when_its_turn_comes_stays(olga: User, ada: User) -> None:
    far = remote(endpoints.add(FAR, key=KEY, by=olga))
    OutsidePolicy.objects.create(allowed=True)
    DeploymentTeam.objects.create(deployment=far, team=team_of(ada), allowed=True)
    generation = asked(ada, deployment=far)
    endpoints.set_policy(may=False, terms="", by=olga)
    with (
        patch("models_admin.engine.remote.models_at", return_value=[]),
        patch("models_admin.engine.remote.Call") as call,
    ):
        serving.serve(far.pk)
    generation.refresh_from_db()
    assert (generation.state, generation.reason) == ("failed", MAY_NOT_LEAVE)
    assert not call.called
    assert not generation.left_premises


def test_an_engine_that_was_loaded_before_its_endpoint_changed_still_counts_as_outside(olga: User, ada: User) -> None:
    far = remote(endpoints.add(FAR, key=KEY, by=olga))
    with patch("models_admin.engine.remote.models_at", return_value=[]):
        seat_of(far.pk).take(far)
    endpoints.change(Endpoint.objects.get(), NEAR, by=olga)
    generation = asked(ada, deployment=Deployment.objects.get(pk=far.pk))
    with patch("models_admin.engine.remote.Call") as call:
        serving.serve(far.pk)
    generation.refresh_from_db()
    assert (generation.state, generation.reason, call.called) == ("failed", MAY_NOT_LEAVE, False)


def test_the_policy_is_set_by_who_shows_who_they_are(olga: User, client: Client) -> None:
    client.force_login(olga, backend=BACKEND)
    sent = {"allowed": "on", "terms": "Nothing secret."}
    page = client.post(reverse("models_admin:outside"), sent)
    assert page.status_code == 302
    assert not OutsidePolicy.objects.exists()
    client.post(page["Location"], {"password": PASSWORD})
    client.post(reverse("models_admin:outside"), sent)
    assert OutsidePolicy.objects.get().allowed


def test_a_model_is_deployed_from_its_servers_page(olga: User, client: Client) -> None:
    made = endpoints.add(NEAR, key="", by=olga)
    client.force_login(olga, backend=BACKEND)
    with patch("models_admin.endpoints.models_at", return_value=["org/model-7b", "<b>x</b>"]):
        page = client.post(reverse("models_admin:test_endpoint", args=[made.pk])).text
    assert "?model=org%2Fmodel-7b" in page
    assert "<b>x</b>" not in page
    address = reverse("models_admin:deploy_remote", args=[made.pk])
    assert 'value="org/model-7b"' in client.get(address, {"model": "org/model-7b"}).text
    sent = {"remote_model": "org/model-7b", "name": "Large", "slots": "4", "context": "32768"}
    assert client.post(address, sent).status_code == 302
    large = Deployment.objects.get()
    assert (large.endpoint, large.remote_model, large.slots, large.path) == (made, "org/model-7b", 4, "")
    assert client.get(reverse("models_admin:deployment", args=[large.pk])).status_code == 200
    assert client.get(reverse("models_admin:change_deployment", args=[large.pk])).status_code == 200


def test_unknown_ones_are_not_there(olga: User, client: Client) -> None:
    client.force_login(olga, backend=BACKEND)
    assert client.get(reverse("models_admin:endpoint", args=[uuid4()])).status_code == 404
    assert not Generation.objects.for_housekeeping().exists()


def test_nothing_leaves_because_nobody_chose(olga: User, ada: User, client: Client) -> None:
    near, far = make_deployment(), remote(endpoints.add(FAR, key=KEY, by=olga))
    OutsidePolicy.objects.create(allowed=True)
    DeploymentTeam.objects.create(deployment=far, team=team_of(ada), allowed=True)
    generation = asked(ada, deployment=near)
    Generation.objects.within(generation).update(state="stopped")
    client.force_login(ada, backend=BACKEND)
    page = client.get(generation.message.conversation.get_absolute_url())
    assert page.context["chosen"] == near.pk
    Deployment.objects.filter(pk=near.pk).update(enabled=False)
    again = reverse("chat:regenerate", args=[generation.message_id])
    response = client.post(again, {"client_id": str(uuid4())})
    assert (response.status_code, "would leave the premises" in response.text) == (409, True)
    assert Generation.objects.within(generation).count() == 1
    assert client.post(again, {"client_id": str(uuid4()), "deployment": str(far.pk)}).status_code == 302


def test_a_chat_leaves_only_where_its_own_team_may(olga: User, ada: User) -> None:
    far = remote(endpoints.add(FAR, key=KEY, by=olga))
    OutsidePolicy.objects.create(allowed=True)
    other = make_team("Other")
    other.memberships.create(user=ada, role="member")
    DeploymentTeam.objects.create(deployment=far, team=other, allowed=True)
    with pytest.raises(chat_actions.Refusal, match="team of this chat"):
        asked(ada, deployment=far)
