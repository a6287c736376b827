"""The pages of people and teams: who comes in, what they change there, and that long lists cost no more queries."""

from uuid import uuid4

import pytest
from accounts_pages import enter, make_admin, make_house, make_keeper, text
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import asked, make_owner, make_team, make_user

from accounts import belongings, denials
from accounts.models import Denial, Membership, Session, Team, User
from accounts.roles import Power
from audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
MOST_QUERIES = 15
ADMIN, MEMBER, GUEST = Membership.Role.ADMIN, Membership.Role.MEMBER, Membership.Role.GUEST


@pytest.fixture
def olga() -> Client:
    """An administrator of the organisation, at a browser."""
    make_house()
    return enter(make_admin())


@pytest.fixture
def tom() -> Client:
    """The administrator of Engineering, at a browser."""
    make_house()
    return enter(make_keeper())


@pytest.fixture
def ada() -> User:
    return make_user("ada@example.org")


def add_people(count: int, word: str) -> None:
    """Make people in one team, and as many teams, each with an administrator."""
    team = make_team()
    people = [User(email=f"{word}{n:04}@example.org", display_name=f"{word} {n:04}") for n in range(count)]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(Membership(team=team, user=person) for person in people)
    others = [Team(name=f"Team {word} {n:04}") for n in range(count)]
    Team.objects.bulk_create(others)
    pairs = zip(others, people, strict=True)
    Membership.objects.bulk_create(Membership(team=other, user=person, role=ADMIN) for other, person in pairs)


@pytest.mark.parametrize(
    "where",
    [
        "/people/",
        "/people/?q=person&role=member&state=active",
        "/teams/",
        "/teams/?q=team",
        "team",
        "person",
        "/roles/",
    ],
)
def test_long_lists_cost_no_more_queries_than_short_ones(olga: Client, ada: User, where: str) -> None:
    where = {"team": f"/teams/{make_team().pk}/", "person": f"/people/{ada.pk}/"}.get(where, where)
    counts = []
    for more, word in ((10, "Person"), (290, "Persona")):
        add_people(more, word)
        with CaptureQueriesContext(connection) as queries:
            assert olga.get(where).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES, counts


def test_who_keeps_nothing_finds_no_offices(ada: User) -> None:
    client, seq = enter(ada), Entry.objects.count()
    team = make_team()
    for path in ("/people/", f"/people/{ada.pk}/", "/teams/", f"/teams/{team.pk}/", "/invitations/", "/organisation/"):
        assert client.get(path).status_code == 404, path
    for path in (
        f"/people/{ada.pk}/role/",
        f"/teams/{team.pk}/people/{ada.pk}/role/",
        "/roles/denials/{team.pk}/lift/",
    ):
        assert client.post(path, {"role": "owner"}).status_code == 404, path
    page = text(client.get("/roles/"))
    assert page.count('href="/roles/"') >= 1
    assert "/people/" not in page
    assert 'href="/roles/"' in text(client.get("/"))
    assert Entry.objects.filter(verb="accounts.access_refused").exists()
    assert Entry.objects.count() == seq + 1  # one a minute, with their count


def test_strangers_are_led_to_the_sign_in(client: Client) -> None:
    for path in ("/people/", "/teams/", "/invitations/", "/organisation/", "/roles/", "/invitations/joiners/"):
        assert client.get(path)["Location"] == f"/account/login/?next={path}"


def test_people_are_found_by_every_word_by_role_team_and_state(olga: Client) -> None:
    make_user("ann.berg@example.org", team=make_team("Legal"))
    bob = make_user("bob.berg@example.org", role=User.Role.AUDITOR)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    legal = make_team("Legal").pk

    def found(query: str) -> list[str]:
        return [str(row) for row in olga.get(f"/people/?{query}").context["page"].rows]

    assert found("") == ["Ann.Berg", "Bob.Berg", "Olga"]
    assert found("q=BERG+ann") == ["Ann.Berg"]
    assert found("q=bob.berg%40ex") == ["Bob.Berg"]
    assert found("q=%25") == []
    assert found("role=auditor") == ["Bob.Berg"]
    assert found(f"team={legal}") == ["Ann.Berg"]
    assert found("state=deactivated") == ["Bob.Berg"]
    assert found("q=berg&state=active&role=member") == ["Ann.Berg"]
    assert found("role=emperor&team=x&after=y") == ["Ann.Berg", "Bob.Berg", "Olga"]
    assert "Nobody fits" in text(olga.get("/people/?q=zz"))


@pytest.mark.parametrize(
    ("where", "names"),
    [("/people/", "Person {:04}"), ("/teams/", "Team Person {:04}"), ("team", "Person {:04}")],
)
def test_a_long_list_is_read_to_its_end_page_by_page(olga: Client, where: str, names: str) -> None:
    add_people(120, "Person")
    where = f"/teams/{make_team().pk}/" if where == "team" else where
    query, seen = "q=person", []
    while query:
        page = olga.get(f"{where}?{query}", headers={"X-Hearth-Partial": "part"})
        assert "<html" not in page.content.decode()
        seen += [str(getattr(row, "user", row)) for row in page.context["page"].rows]
        query = page.context["more"] or ""
    assert seen == [names.format(n) for n in range(120)]
    gone = olga.get(f"{where}?q=person&after={uuid4()}")
    assert len(gone.context["page"].rows) == 50


def test_namesakes_are_each_listed_once(olga: Client) -> None:
    User.objects.bulk_create(User(email=f"x{n}@example.org", display_name="Sam") for n in range(110))
    query, seen = "q=sam", []
    while query:
        page = olga.get(f"/people/?{query}").context
        seen += [row.pk for row in page["page"].rows]
        query = page["more"] or ""
    assert len(seen) == len(set(seen)) == 110


def test_names_are_escaped(olga: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(display_name="<img src=x onerror=alert(1)>")
    Team.objects.update(name="<b>bold</b>")
    for path in (
        "/people/",
        f"/people/{ada.pk}/",
        f"/people/{ada.pk}/leave/",
        "/teams/",
        f"/teams/{make_team('x').pk}/",
    ):
        page = olga.get(path).content.decode()
        assert "<img src=x" not in page
        assert "<b>bold" not in page


def test_a_name_and_an_address_are_corrected_and_errors_stand_at_their_field(olga: Client, ada: User) -> None:
    where = f"/people/{ada.pk}/name/"
    assert olga.post(where, {"display_name": "Ada L.", "email": "ADA.l@example.org"}).status_code == 302
    ada.refresh_from_db()
    assert (ada.display_name, ada.email) == ("Ada L.", "ada.l@example.org")
    taken = olga.post(where, {"display_name": "Ada", "email": "olga@example.org"})
    assert taken.status_code == 409
    assert taken.context["person_form"].errors == {"email": ["Somebody else has this address."]}
    assert olga.post(where, {"display_name": "Ada", "email": "nonsense"}).status_code == 400
    ada.refresh_from_db()
    assert ada.email == "ada.l@example.org"


def test_a_role_is_changed_and_owners_are_made_by_owners_alone(olga: Client, ada: User) -> None:
    where = f"/people/{ada.pk}/role/"
    assert olga.post(where, {"role": "auditor"}).status_code == 302
    assert "Ada is auditor from now on." in text(olga.get(f"/people/{ada.pk}/"))
    refused = olga.post(where, {"role": "owner"})
    assert refused.status_code == 403
    assert "Only owners make owners" in text(refused)
    assert "Who can change it: Your organisation's owners" in text(refused)
    assert olga.post(where, {"role": "emperor"}).status_code == 400
    ada.refresh_from_db()
    assert ada.organisation_role == User.Role.AUDITOR


def test_who_takes_a_role_from_themselves_lands_where_they_still_may_be(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(organisation_role=User.Role.OWNER)
    client, owner = enter(ada), make_owner()
    assert owner.pk != ada.pk
    where = f"/people/{ada.pk}/role/"
    for role, door in (("admin", f"/people/{ada.pk}/"), ("member", "/you/")):
        response = client.post(where, {"role": role})
        assert (response.status_code, response["Location"]) == (302, door)
        assert f"You are {User.Role(role).label} from now on." in text(client.get(door))
    assert client.post(where, {"role": "admin"}).status_code == 404
    ada.refresh_from_db()
    assert ada.organisation_role == User.Role.MEMBER


def test_an_owner_is_changed_by_owners_alone_and_the_last_one_stays(olga: Client) -> None:
    User.objects.filter(email="olga@example.org").update(email="other@example.org")
    owner = make_owner()
    assert "Only an owner changes another owner." in text(olga.get(f"/people/{owner.pk}/"))
    assert olga.post(f"/people/{owner.pk}/role/", {"role": "member"}).status_code == 403
    assert olga.get(f"/people/{owner.pk}/leave/").status_code == 403
    assert olga.post(f"/people/{owner.pk}/leave/").status_code == 403
    last = enter(owner).post(f"/people/{owner.pk}/role/", {"role": "member"})
    assert last.status_code == 409
    assert "This is the last owner." in text(last)
    left = enter(owner).post(f"/people/{owner.pk}/leave/")
    assert left.status_code == 409
    owner.refresh_from_db()
    assert (owner.organisation_role, owner.is_active) == (User.Role.OWNER, True)


def test_a_leaver_hands_over_and_is_out_or_nothing_happens(olga: Client) -> None:
    tom, bob = make_keeper(), make_user("bob@example.org")
    enter(tom)
    where = f"/people/{tom.pk}/leave/"
    page = text(olga.get(where))
    assert "1 session ends" in page
    assert "Teams that only Tom administers" in page
    unknown = olga.post(where, {"to": "nobody@example.org"})
    assert unknown.status_code == 409
    tom.refresh_from_db()
    assert tom.is_active
    assert olga.post(where, {"to": "BOB@example.org"}).status_code == 302
    tom.refresh_from_db()
    assert not tom.is_active
    assert not Session.objects.filter(user=tom).exists()
    assert Membership.objects.get(user=bob, team=make_team()).role == ADMIN
    assert "Teams that Bob administers now: 1." in text(olga.get(f"/people/{tom.pk}/"))
    assert olga.post(f"/people/{tom.pk}/reactivate/").status_code == 302
    tom.refresh_from_db()
    assert tom.is_active


def test_what_a_leaver_owned_is_erased_only_by_somebody_who_is_sure(olga: Client, ada: User) -> None:
    asked(ada)
    where = f"/people/{ada.pk}/erase/"
    early = olga.post(where, {"sure": "on"})
    assert (early.status_code, "whose account is deactivated can be erased" in text(early)) == (409, True)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert "Still there, and read by nobody" in text(olga.get(f"/people/{ada.pk}/"))
    assert "1 chat" in text(olga.get(where))
    assert olga.post(where).status_code == 409
    assert belongings.of(ada) == {"chats": 1}
    assert olga.post(where, {"sure": "on"}).status_code == 302
    assert belongings.of(ada) == {"chats": 0}
    page = text(olga.get(f"/people/{ada.pk}/"))
    assert "is erased (chats: 1)" in page
    assert "Still there" not in page


def test_sessions_of_a_person_are_ended(olga: Client, ada: User) -> None:
    her = enter(ada)
    assert "Signed in on 1 browser." in text(olga.get(f"/people/{ada.pk}/"))
    assert olga.post(f"/people/{ada.pk}/sessions/end/").status_code == 302
    assert her.get("/roles/").status_code == 302


def test_a_team_is_made_renamed_and_deleted(olga: Client) -> None:
    made = olga.post("/teams/", {"name": "Legal"})
    team = Team.objects.get(name="Legal")
    assert made["Location"] == f"/teams/{team.pk}/"
    assert olga.post("/teams/", {"name": "Legal"}).status_code == 409
    assert olga.post("/teams/", {"name": ""}).status_code == 409
    assert olga.post(f"/teams/{team.pk}/name/", {"name": "Law"}).status_code == 302
    assert olga.post(f"/teams/{team.pk}/name/", {"name": make_team().name}).status_code == 409
    team.refresh_from_db()
    assert team.name == "Law"
    assert "Delete Law?" in text(olga.get(f"/teams/{team.pk}/delete/"))
    assert olga.post(f"/teams/{team.pk}/delete/").status_code == 302
    assert not Team.objects.filter(pk=team.pk).exists()


def test_a_teams_administrator_sees_and_changes_that_team_alone(tom: Client, ada: User) -> None:
    mine, other = make_team(), make_team("Legal")
    far = make_user("far@example.org", team=other)
    assert [row.name for row in tom.get("/teams/").context["page"].rows] == ["Engineering"]
    assert tom.get(f"/teams/{mine.pk}/").status_code == 200
    assert "/people/" not in text(tom.get(f"/teams/{mine.pk}/")).replace(f"/teams/{mine.pk}/people/", "")
    assert tom.post(f"/teams/{mine.pk}/people/{ada.pk}/role/", {"role": "guest"}).status_code == 302
    assert Membership.objects.get(user=ada).role == GUEST
    assert tom.post(f"/teams/{mine.pk}/people/{ada.pk}/remove/").status_code == 302
    assert not Membership.objects.filter(user=ada).exists()
    for path in ("", "name/", "delete/", f"people/{far.pk}/role/", f"people/{far.pk}/remove/"):
        assert tom.post(f"/teams/{other.pk}/{path}", {"role": "guest"}).status_code in (404, 405), path
    assert tom.get(f"/teams/{other.pk}/").status_code == 404
    assert tom.post(f"/teams/{mine.pk}/people/{far.pk}/role/", {"role": "admin"}).status_code == 404
    refused = tom.post("/teams/", {"name": "Mine"})
    assert (refused.status_code, "Only owners and administrators make and delete teams." in text(refused)) == (
        403,
        True,
    )
    assert tom.get(f"/teams/{mine.pk}/delete/").status_code == 403
    assert tom.post(f"/teams/{mine.pk}/deny/", {"power": "ask", "reason": "no"}).status_code == 404
    assert Membership.objects.get(user=far).role == MEMBER


def test_who_takes_themselves_out_of_a_team_is_led_to_what_they_still_have(tom: Client) -> None:
    me = User.objects.get(email="tom@example.org")
    gone = tom.post(f"/teams/{make_team().pk}/people/{me.pk}/remove/")
    assert gone["Location"] == "/"
    assert tom.get("/teams/").status_code == 404


def test_a_power_is_taken_away_with_a_reason_and_given_back(olga: Client, ada: User) -> None:
    team, where = make_team(), f"/people/{ada.pk}/deny/"
    assert olga.post(where, {"power": "ask", "team": team.pk, "reason": "Training first."}).status_code == 302
    denial = Denial.objects.get()
    assert (denial.person, denial.team, denial.power) == (ada, team, Power.ASK)
    for path in (f"/people/{ada.pk}/", "/roles/"):
        assert "Training first." in text(olga.get(path))
    hers = text(enter(ada).get(f"/roles/?power=ask&team={team.pk}"))
    assert "Your organisation's administrators have taken this from you: Training first." in hers
    assert "Who can change it: Your organisation's administrators: Olga." in hers
    assert olga.post(where, {"power": "ask", "reason": ""}).status_code == 409
    assert olga.post(where, {"power": "fly", "reason": "no"}).status_code == 409
    assert olga.post(f"/teams/{team.pk}/deny/", {"power": "ask", "reason": "All wait."}).status_code == 302
    assert olga.post(f"/roles/denials/{denial.pk}/lift/", {"from": "person"})["Location"] == f"/people/{ada.pk}/"
    left = Denial.objects.get()
    assert (left.person, left.team) == (None, team)
    assert olga.post(f"/roles/denials/{denial.pk}/lift/").status_code == 404


def test_why_cant_i_says_who_may_and_who_to_turn_to(ada: User) -> None:
    make_keeper()
    page = enter(ada).get(f"/roles/?power=invite_to_team&team={make_team().pk}")
    assert "Only team administrators, owners and administrators invite people to a team." in text(page)
    assert "Administrators of the team Engineering: Tom." in text(page)
    assert "You may ask questions in a team: in Engineering." in text(
        enter(ada).get(f"/roles/?power=ask&team={make_team().pk}")
    )
    other = make_team("Legal")
    assert enter(ada).get(f"/roles/?power=ask&team={other.pk}").context["form"].errors["team"]
    assert enter(ada).get("/roles/?power=fly").status_code == 200


def test_a_denial_shuts_an_office_at_the_next_request(olga: Client) -> None:
    assert olga.get("/people/").status_code == 200
    me = User.objects.get(email="olga@example.org")
    User.objects.filter(pk=me.pk).update(email="o@example.org")
    denials.deny(Power.MANAGE_PEOPLE, user=me, reason="Leaves.", by=make_owner())
    assert olga.get("/people/").status_code == 404
    assert "/people/" not in text(olga.get("/teams/"))
