"""Prompts: who finds them, who writes them, what they were before, and how long they are kept."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import make_deployment, make_owner, make_team, make_user

from accounts import denials
from accounts.authority import Refused
from accounts.models import Membership, Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from prompts import actions, queries
from prompts.actions import Words
from prompts.difference import difference
from prompts.models import Prompt
from prompts.shelves import Place
from prompts.starters import starters

pytestmark = pytest.mark.django_db
LIBRARY = reverse("prompts:library")
EVIL = "<script>alert(1)</script>{{ constructor }}\" onload='x"


@pytest.fixture
def ada(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    return user


def words(
    name: str = "report", text: str = "Write a report on {{ subject }}.", *, title: str = "", starter: bool = False
) -> Words:
    return Words(name, title or name.title(), text, starter)


def own(user: User, *args: str, title: str = "", starter: bool = False) -> Prompt:
    return actions.make(Place(owner=user), words(*args, title=title, starter=starter), by=user)


def of_team(team: Team, *args: str, starter: bool = False) -> Prompt:
    return actions.make(Place(team=team), words(*args, starter=starter), by=make_owner())


def of_all(*args: str, starter: bool = False) -> Prompt:
    return actions.make(Place(), words(*args, starter=starter), by=make_owner())


def door(name: str, prompt: Prompt, *more: object) -> str:
    return reverse(f"prompts:{name}", args=[prompt.pk, *more])


def names(user: User) -> list[str]:
    return [prompt.name for prompt in queries.usable_by(user)]


def role(user: User, team: Team, wanted: Membership.Role) -> None:
    Membership.objects.update_or_create(user=user, team=team, defaults={"role": wanted})


def test_one_finds_one_s_own_those_of_one_s_teams_and_the_house_s(ada: User) -> None:
    eve = make_user("eve@example.org", team=make_team("Research"))
    own(ada, "mine"), of_team(make_team(), "ours"), of_all("everybodys")
    own(eve, "theirs"), of_team(make_team("Research"), "of-research")
    assert names(ada) == ["mine", "ours", "everybodys"]
    assert names(eve) == ["theirs", "of-research", "everybodys"]


def test_a_guest_uses_what_the_team_has_and_writes_on_their_own_shelf(ada: User) -> None:
    of_team(make_team(), "ours")
    role(ada, make_team(), Membership.Role.GUEST)
    assert names(ada) == ["ours"]
    own(ada, "mine")
    with pytest.raises(Refused):
        actions.make(Place(team=make_team()), words("more"), by=ada)


def test_a_team_s_shelf_is_written_by_its_administrators_as_they_are_now(ada: User) -> None:
    role(ada, make_team(), Membership.Role.ADMIN)
    prompt = actions.make(Place(team=make_team()), words(), by=ada)
    role(ada, make_team(), Membership.Role.MEMBER)
    with pytest.raises(Refused):
        actions.change(prompt, words(text="Other"), seen=1, by=ada)
    with pytest.raises(Refused):
        actions.delete(prompt, by=ada)
    assert Prompt.objects.get().text == "Write a report on {{ subject }}."


def test_writing_can_be_taken_away(ada: User, client: Client) -> None:
    role(ada, make_team(), Membership.Role.ADMIN)
    denials.deny(Power.WRITE_TEAM_PROMPTS, user=ada, team=make_team(), reason="Too many.", by=make_owner())
    response = client.get(reverse("prompts:make_for_team", args=[make_team().pk]))
    assert response.status_code == 403
    assert "Too many." in response.content.decode()


def test_a_name_is_one_prompt_on_a_shelf(ada: User) -> None:
    own(ada)
    of_team(make_team())
    of_all()
    with pytest.raises(Refusal, match=r"Another prompt on this shelf is called /report\."):
        own(ada)
    with pytest.raises(Refusal):
        of_all()
    actions.delete(Prompt.objects.get(owner=ada), by=ada)
    own(ada)


def test_every_save_is_a_version_and_an_old_one_can_be_used_again(ada: User) -> None:
    prompt = own(ada, "a", "One two")
    actions.change(prompt, words("a", "One three"), seen=1, by=ada)
    actions.change(prompt, words("b", "One three", title="A"), seen=2, by=ada)  # another name is no other version
    past, further = queries.history_of(Prompt.objects.get())
    assert [(one.version.number, one.by, one.is_now) for one in past] == [(2, "Ada", True), (1, "Ada", False)]
    assert [(piece.kind, piece.text) for piece in past[0].pieces] == [
        ("same", "One "),
        ("gone", "two"),
        ("new", "three"),
    ]
    assert further is None
    actions.use_again(prompt, 1, by=ada)
    prompt.refresh_from_db()
    assert (prompt.name, prompt.text, prompt.version) == ("b", "One two", 3)


def test_who_is_late_overwrites_nobody(ada: User, client: Client) -> None:
    prompt = own(ada)
    actions.change(prompt, words(text="First"), seen=1, by=ada)
    form = {"title": "Report", "name": "report", "text": "Second", "seen": "1"}
    response = client.post(door("change", prompt), form)
    assert response.status_code == 400
    assert "Somebody has changed this prompt meanwhile." in response.content.decode()
    assert "Second</textarea>" in response.content.decode()
    assert Prompt.objects.get().text == "First"


def test_a_form_makes_a_prompt_and_extra_fields_are_ignored(ada: User, client: Client) -> None:
    eve = make_user("eve@example.org")
    form = {
        "title": " Weekly ",
        "name": "/Weekly Report",
        "text": "Write\r\nit. ",
        "owner": eve.pk,
        "team": make_team().pk,
    }
    response = client.post(reverse("prompts:make_own"), form | {"version": 9, "deleted_at": "2020-01-01"})
    prompt = Prompt.objects.get()
    assert response["Location"] == door("prompt", prompt)
    assert (prompt.owner, prompt.team, prompt.name, prompt.title) == (ada, None, "weekly-report", "Weekly")
    assert (prompt.text, prompt.version, prompt.deleted_at) == ("Write\nit.", 1, None)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("name", "-a", "begins with one of the first two"),
        ("name", "a/b", "letters, digits and hyphens"),
        ("name", "x" * 41, "at most 40 characters"),
        ("text", " \n", "Write what the prompt says."),
        ("text", "x" * 20_001, "at most 20000 characters"),
        ("title", "", "This field is required."),
    ],
)
def test_what_cannot_be_kept_is_told(ada: User, client: Client, field: str, value: str, why: str) -> None:
    form = {"title": "T", "name": "t", "text": "Words"} | {field: value}
    response = client.post(reverse("prompts:make_own"), form)
    assert response.status_code == 400
    assert why in response.content.decode()
    assert not Prompt.objects.exists()


def test_what_people_write_is_shown_as_text_everywhere(ada: User, client: Client) -> None:
    make_deployment()
    prompt = own(ada, "evil", EVIL, title=EVIL, starter=True)
    actions.change(prompt, words("evil", f"{EVIL} more", title=EVIL, starter=True), seen=1, by=ada)
    pages = [LIBRARY, door("prompt", prompt), door("change", prompt), door("versions", prompt), "/"]
    for page in pages:
        said = client.get(page).content.decode()
        assert "<script>alert" not in said, page
        assert "&lt;script&gt;alert(1)" in said, page
        assert "onload='x" not in said, page


def test_the_list_is_searched_and_sorted_by_shelves(ada: User, client: Client) -> None:
    own(ada, "mine", "About fire"), of_team(make_team(), "ours", "About water"), of_all("house", "About fire")

    def found(**asked: str) -> list[str]:
        response = client.get(LIBRARY, asked)
        return [prompt.name for prompt, _, _ in response.context["rows"]]

    assert found() == ["mine", "ours", "house"]
    assert found(q="fire") == ["mine", "house"]
    assert found(q="/our") == ["ours"]
    assert found(q="about fire", shelf="organisation") == ["house"]
    assert found(shelf=str(make_team().pk)) == ["ours"]
    assert found(shelf=str(make_team("Research").pk)) == found(shelf=str(uuid4())) == ["mine", "ours", "house"]
    assert found(q="nothing like it") == []


def test_a_slash_is_offered_names_and_titles_alone(ada: User, client: Client) -> None:
    mine = own(ada, "mine", "Secret words")
    of_all("house")
    said = client.get(reverse("prompts:pick"))
    assert "Secret words" not in said.content.decode()
    assert [(one["name"], one["shelf"]) for one in said.json()["prompts"]] == [
        ("mine", "Yours"),
        ("house", "Organisation"),
    ]
    assert client.get(door("text", mine)).json() == {"title": "Mine", "text": "Secret words"}


def test_others_prompts_are_not_there(ada: User, client: Client) -> None:
    theirs = own(make_user("eve@example.org"))
    for name in ("prompt", "text", "change", "versions"):
        assert client.get(door(name, theirs)).status_code == 404
    for path in (door("change", theirs), door("copy", theirs), door("delete", theirs), door("use_again", theirs, 1)):
        assert client.post(path, {"title": "T", "name": "t", "text": "W"}).status_code == 404
    assert Prompt.objects.get() == theirs
    assert Prompt.objects.get().text == theirs.text


def test_a_copy_is_one_s_own_under_a_free_name(ada: User, client: Client) -> None:
    shared = of_team(make_team(), starter=True)
    own(ada)
    client.post(door("copy", shared))
    mine = Prompt.objects.get(owner=ada, name="report-2")
    assert (mine.text, mine.starter, mine.version) == (shared.text, False, 1)


def test_what_is_deleted_can_be_put_back(ada: User, client: Client) -> None:
    prompt = own(ada)
    response = client.post(door("delete", prompt), follow=True)
    assert "The prompt /report is deleted." in response.content.decode()
    assert names(ada) == []
    assert client.get(door("prompt", prompt)).status_code == 404
    client.post(door("restore", prompt))
    assert names(ada) == ["report"]


def test_a_name_that_is_taken_meanwhile_is_told_when_it_is_put_back(ada: User, client: Client) -> None:
    prompt = own(ada)
    client.post(door("delete", prompt))
    own(ada)
    response = client.post(door("restore", prompt))
    assert response.status_code == 409
    assert "is called /report" in response.content.decode()


def test_an_empty_chat_offers_what_is_marked_and_else_what_fits_everybody(ada: User, client: Client) -> None:
    make_deployment()
    assert starters(ada)[0].title == "Summarise a text"
    assert client.get("/").content.decode().count("data-starter=") == 4
    for n in range(3):
        of_all(f"house-{n}", starter=True)
    of_team(make_team(), "ours", starter=True), own(ada, "mine", starter=True), own(ada, "not")
    assert [card.title for card in starters(ada)] == ["Mine", "Ours", "House-0", "House-1"]


def test_more_prompts_cost_no_more_queries(ada: User, client: Client) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get(path).status_code == 200
        return len(queries_made)

    paths = (LIBRARY, reverse("prompts:pick"))
    own(ada, "first"), of_team(make_team(), "ours"), of_all("house")
    before = [cost(path) for path in paths]
    for n in range(20):
        own(ada, f"mine-{n}"), of_team(make_team(), f"ours-{n}")
    assert [cost(path) for path in paths] == before


def test_a_long_list_goes_on(ada: User, client: Client) -> None:
    Prompt.objects.bulk_create(Prompt(owner=ada, name=f"p-{n:03}", title="T", text="W") for n in range(60))
    assert 'href="/prompts/?page=2"' in client.get(LIBRARY).content.decode()
    rest = client.get(LIBRARY, {"page": "2"}, headers={"X-Hearth-Partial": "part"}).content.decode()
    assert (rest.count("<li>"), "data-more" in rest, "<html" in rest) == (10, False, False)


def test_a_difference_makes_up_both_texts() -> None:
    before, after = "Write a report, short.", "Write a long report!"
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    long = "".join(f"line {n}\n" for n in range(2000))
    assert [piece.kind for piece in difference(long, long.replace("line 7\n", "line x\n"))] == [
        "same",
        "gone",
        "new",
        "same",
    ]
