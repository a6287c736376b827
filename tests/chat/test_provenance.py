"""Every answer says what made it, and can be made once more with everything as it was."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from factories import asked, make_deployment, make_user

from accounts.models import User
from chat import actions, recipes, serving
from chat.actions import Refusal
from chat.models import Generation, Recipe
from models_admin import seat
from models_admin.models import Deployment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    yield
    for one in seat.all_seats():
        one.drop()
    seat._seats.clear()


def answered(user: User, text: str = "What is a hearth?", *, deployment: Deployment | None = None) -> Generation:
    generation = asked(user, text, deployment=deployment)
    return served(generation)


def served(generation: Generation) -> Generation:
    serving.serve(generation.deployment_id)
    return Generation.objects.for_housekeeping().select_related("recipe", "message__conversation").get(pk=generation.pk)


def page_of(client: Client, generation: Generation) -> str:
    client.force_login(generation.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("chat:about", args=[generation.pk]))
    assert page.status_code == 200
    return page.text


def test_an_answer_keeps_what_made_it_and_like_ones_share_it(client: Client) -> None:
    ada = make_user()
    deployment = make_deployment(system_prompt="Be brief.", temperature=0.25)
    first, second = answered(ada, deployment=deployment), answered(ada, "And a stove?", deployment=deployment)
    assert first.recipe is not None
    assert first.recipe == second.recipe
    assert Recipe.objects.count() == 1
    facts = first.recipe.facts
    assert (facts["sha256"], facts["engine"], facts["system"]) == (first.model_sha256, "stub", "Be brief.")
    assert (facts["sampling"]["temperature"], facts["sampling"]["top_k"]) == (0.25, 40)
    text = page_of(client, first)
    for said in (first.model_sha256, str(first.seed), "0.25", "Stub"):
        assert said in text
    assert "Be brief." not in text  # the organisation's words stay its own


def test_reproduced_with_everything_as_it_was_it_is_the_same(client: Client) -> None:
    ada = make_user()
    deployment = make_deployment(temperature=0.25, system_prompt="Be brief.")
    first = answered(ada, deployment=deployment)
    Deployment.objects.update(temperature=0.9, system_prompt="Be long.", max_tokens=5)
    again = served(actions.reproduce(first, client_id=uuid4()))
    assert (again.seed, again.recipe, again.repeats) == (first.seed, first.recipe, first.pk)
    assert again.message.text == first.message.text != ""
    text = page_of(client, again)
    assert "Word for word the same" in text
    assert "Everything that decides its words is as it was." in text


def test_what_came_out_otherwise_is_shown_with_what_changed(client: Client) -> None:
    ada, deployment = make_user(), make_deployment()
    first = answered(ada, deployment=deployment)
    Deployment.objects.update(context=2048)
    seat.seat_of(deployment.pk).drop()
    again = served(actions.reproduce(first, client_id=uuid4()))
    again.message.text = again.message.text.replace("ka", "KO", 1)
    again.message.save()
    text = page_of(client, again)
    assert "Not the same" in text
    assert "Context, in tokens" in text
    assert "<del>" in text


def test_what_was_made_nobody_knows_how_cannot_be_reproduced() -> None:
    generation = asked(make_user())
    with pytest.raises(Refusal, match="not known"):
        actions.reproduce(generation, client_id=uuid4())


def test_a_model_that_is_off_cannot_be_asked_again() -> None:
    first = answered(make_user())
    Deployment.objects.update(enabled=False)
    with pytest.raises(Refusal, match="switched off"):
        actions.reproduce(first, client_id=uuid4())


def test_a_double_click_reproduces_once(client: Client) -> None:
    first = answered(make_user())
    client.force_login(first.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    sent = {"client_id": str(uuid4())}
    for _ in range(2):
        assert client.post(reverse("chat:reproduce", args=[first.pk]), sent).status_code == 302
    assert Generation.objects.for_housekeeping().count() == 2


@pytest.mark.parametrize(
    ("first", "second", "kinds"),
    [
        ("one two three", "one two three", ["same"]),
        ("one two three", "one 2 three", ["same", "gone", "new", "same"]),
        ("", "one", ["new"]),
        ("one two", "one", ["same", "gone"]),
    ],
)
def test_differences_are_told_by_words(first: str, second: str, kinds: list[str]) -> None:
    pieces = recipes.difference(first, second)
    assert [piece.kind for piece in pieces] == kinds
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == first
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == second


def test_very_long_texts_are_compared_at_once() -> None:
    one, other = (" ".join(f"{language}{n}" for n in range(390)) for language in ("yes", "oui"))
    assert [piece.kind for piece in recipes.difference(one, other)] == ["gone", "new"]
    first, second = " ".join(map(str, range(30_000))), " ".join(map(str, range(1, 30_000)))
    assert [piece.kind for piece in recipes.difference(first, second)] == ["gone", "new"]
