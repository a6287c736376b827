"""Those who keep people, teams and the organisation: what they may change, and what they may not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from factories import asked, make_owner, make_team, make_user

from accounts import actions, belongings, denials, leaving, organising, teams
from accounts.authority import Refused, may
from accounts.models import Denial, Membership, Organisation, Session, Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit.models import Entry
from chat.models import Conversation, Generation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
OWNER, ADMIN, AUDITOR, MEMBER = User.Role.OWNER, User.Role.ADMIN, User.Role.AUDITOR, User.Role.MEMBER
IN_TEAM = Membership.Role
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def put(user: User, role: str, team: Team | None = None) -> User:
    Membership.objects.update_or_create(user=user, team=team or make_team(), defaults={"role": role})
    return user


def kay() -> User:
    """Return the administrator of the team Engineering."""
    return put(make_user("kay@example.org"), IN_TEAM.ADMIN)


Act = Callable[[User, User], object]
FOR_ORGANISATION: dict[str, Act] = {
    "deactivate": lambda user, by: actions.deactivate(user, by=by),
    "reactivate": lambda user, by: actions.reactivate(user, by=by),
    "change_role": lambda user, by: actions.change_role(user, role=AUDITOR, by=by),
    "set_person": lambda user, by: actions.set_person(user, email="x@example.org", display_name="X", by=by),
    "end_sessions": lambda user, by: actions.end_sessions(user, by=by),
    "leave": lambda user, by: leaving.leave(user, heir=None, by=by),
    "erase": lambda user, by: leaving.erase_belongings(user, by=by),
    "hand_over": lambda user, by: teams.hand_over(user, to=by, by=by),
    "make_team": lambda user, by: teams.make_team(name="New", by=by),
    "delete_team": lambda user, by: teams.delete_team(make_team("Empty"), by=by),
    "deny": lambda user, by: denials.deny(Power.ASK, user=user, reason="r", by=by),
    "set_organisation": lambda user, by: organising.set_organisation(name="New", by=by),
}
FOR_TEAM: dict[str, Act] = {
    "rename_team": lambda user, by: teams.rename_team(make_team(), name="New", by=by),
    "add_to_team": lambda user, by: teams.add_to_team(by, team=make_team(), role=IN_TEAM.MEMBER, by=by),
    "change_team_role": lambda user, by: teams.change_team_role(user, team=make_team(), role=IN_TEAM.ADMIN, by=by),
    "remove_from_team": lambda user, by: teams.remove_from_team(user, team=make_team(), by=by),
}


def tables() -> list[object]:
    """Return everything that these acts could change."""
    rows = (User, Team, Membership, Denial, Organisation)
    return [list(model.objects.order_by("pk").values()) for model in rows] + [Entry.objects.count()]


@pytest.mark.parametrize("act", FOR_ORGANISATION | FOR_TEAM)
@pytest.mark.parametrize("role", [MEMBER, AUDITOR])
def test_members_guests_and_auditors_change_nothing(act: str, role: User.Role) -> None:
    Organisation.objects.create(name="Aalto")
    ada, bob = make_user(), put(make_user("bob@example.org", role=role), IN_TEAM.GUEST)
    make_team("Empty")
    before = tables()
    with pytest.raises(Refused):
        (FOR_ORGANISATION | FOR_TEAM)[act](ada, bob)
    assert tables() == before


@pytest.mark.parametrize("act", FOR_ORGANISATION)
def test_a_team_s_administrator_changes_nothing_beyond_the_team(act: str) -> None:
    Organisation.objects.create(name="Aalto")
    ada, by = make_user(), kay()
    make_team("Empty")
    before = tables()
    with pytest.raises(Refused):
        FOR_ORGANISATION[act](ada, by)
    assert tables() == before


@pytest.mark.parametrize("act", FOR_TEAM)
def test_a_team_s_administrator_changes_that_team_and_no_other(act: str) -> None:
    ada, by = make_user(), kay()
    FOR_TEAM[act](ada, by)
    Team.objects.filter(name="New").update(name="Engineering")
    put(by, IN_TEAM.ADMIN, make_team("Other"))
    put(by, IN_TEAM.MEMBER)
    before = tables()
    with pytest.raises(Refused):
        FOR_TEAM[act](ada, by)
    assert tables() == before


@pytest.mark.parametrize("act", ["deactivate", "change_role", "set_person", "end_sessions", "leave", "hand_over"])
def test_owners_are_changed_by_owners_alone(act: str) -> None:
    olga, adam = make_owner(), make_user("adam@example.org", role=ADMIN)
    before = tables()
    with pytest.raises(Refused) as refusal:
        FOR_ORGANISATION[act](olga, adam)
    assert refusal.value.verdict.who == "Your organisation's owners: Olga"
    assert tables() == before


def test_administrators_make_no_owners_and_nobody_makes_themselves_more() -> None:
    adam = make_user("adam@example.org", role=ADMIN)
    for role in (OWNER,):
        with pytest.raises(Refused):
            actions.change_role(adam, role=role, by=adam)
    by = kay()
    with pytest.raises(Refused):
        actions.change_role(by, role=ADMIN, by=by)


@pytest.mark.parametrize("act", ["deactivate", "change_role", "leave"])
def test_the_last_owner_stays(act: str) -> None:
    olga = make_owner()
    other = make_user("omar@example.org", role=OWNER)
    actions.deactivate(other)
    with pytest.raises(Refusal, match="This is the last owner"):
        FOR_ORGANISATION[act](olga, olga)
    olga.refresh_from_db()
    assert (olga.is_active, olga.organisation_role) == (True, OWNER)
    actions.reactivate(other, by=olga)
    FOR_ORGANISATION[act](olga, olga)


def test_an_operator_cannot_shut_out_the_last_owner_either() -> None:
    with pytest.raises(Refusal):
        actions.deactivate(make_owner())


def test_who_was_denied_cannot_and_owners_cannot_be_denied() -> None:
    olga, adam = make_owner(), make_user("adam@example.org", role=ADMIN)
    denial = denials.deny(Power.MANAGE_PEOPLE, user=adam, reason="On leave.", by=olga)
    with pytest.raises(Refused) as refusal:
        actions.deactivate(make_user(), by=adam)
    assert "On leave." in refusal.value.verdict.why
    denials.lift(denial, by=olga)
    actions.deactivate(User.objects.get(email="ada@example.org"), by=adam)
    with pytest.raises(Refusal, match="Nothing can be taken from an owner"):
        denials.deny(Power.MANAGE_PEOPLE, user=olga, reason="r", by=adam)


def test_nobody_gives_back_to_themselves_what_was_taken_from_them() -> None:
    adam = make_user("adam@example.org", role=ADMIN)
    denial = denials.deny(Power.MANAGE_PEOPLE, team=make_team(), reason="r", by=make_owner())
    with pytest.raises(Refusal, match="somebody else gives it back"):
        denials.lift(denial, by=adam)
    put(make_owner(), IN_TEAM.MEMBER)
    denials.lift(denial, by=make_owner())
    assert may(adam, Power.MANAGE_PEOPLE).allowed


@pytest.mark.parametrize(
    "whom", [{}, {"user": make_user, "team": make_team}], ids=["nobody", "a person in a team, of a power of the house"]
)
def test_a_denial_says_whom(whom: dict[str, Callable[[], object]]) -> None:
    given: dict[str, Any] = {name: make() for name, make in whom.items()}
    with pytest.raises(Refusal):
        denials.deny(Power.READ_LOG, reason="r", by=make_owner(), **given)


def test_a_denial_once_more_is_one_with_another_reason() -> None:
    for reason in ("First.", "Second."):
        denials.deny(Power.ASK, team=make_team(), reason=reason, by=make_owner())
    assert Denial.objects.get().reason == "Second."
    assert not may(make_user(), Power.ASK, make_team()).allowed


@pytest.mark.parametrize(
    "settings",
    [
        {"idle_minutes": 4},
        {"idle_minutes": 43_201},
        {"absolute_hours": 0},
        {"absolute_hours": 8_761},
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings: dict[str, int]) -> None:
    Organisation.objects.create(name="Aalto")
    before = tables()
    with pytest.raises(Refusal):
        organising.set_organisation(by=make_owner(), **settings)
    assert tables()[-2] == before[-2]


def test_names_are_taken_once() -> None:
    olga, ada = make_owner(), make_user()
    make_team("Other")
    for act in (
        lambda: teams.make_team(name="Other", by=olga),
        lambda: teams.rename_team(make_team(), name="Other", by=olga),
        lambda: actions.set_person(ada, email="OLGA@example.org", display_name="Ada", by=olga),
    ):
        with pytest.raises(Refusal):
            act()
    assert make_team().name == "Engineering"


def test_a_team_with_chats_is_not_deleted() -> None:
    asked(make_user())
    with pytest.raises(Refusal, match="Chats belong to this team"):
        teams.delete_team(make_team(), by=make_owner())
    assert Team.objects.filter(name="Engineering").exists()


def test_a_leaver_s_teams_go_to_the_heir_and_nothing_else_does() -> None:
    ada, eve = put(make_user(), IN_TEAM.ADMIN), make_user("eve@example.org", team=make_team("Second"))
    shared = put(put(make_user("bob@example.org"), IN_TEAM.ADMIN, make_team("Shared")), IN_TEAM.MEMBER)
    put(ada, IN_TEAM.ADMIN, make_team("Shared"))
    Client().force_login(ada, backend=BACKEND)
    answer = asked(ada)
    assert leaving.leave(ada, heir=eve, by=make_owner()) == 1
    ada.refresh_from_db()
    assert (ada.is_active, Session.objects.filter(user=ada).count()) == (False, 0)
    roles = Membership.objects.filter(user=eve).values_list("team__name", "role")
    assert set(roles) == {("Engineering", IN_TEAM.ADMIN), ("Second", IN_TEAM.MEMBER)}
    assert shared.memberships.filter(team__name="Shared", role=IN_TEAM.ADMIN).exists()
    assert answer.message.conversation.owner == ada
    assert belongings.of(ada) == {"chats": 1}


@pytest.mark.parametrize("heir", ["nobody who signs in", "themselves"])
def test_an_heir_is_somebody_else_who_can_sign_in(heir: str) -> None:
    ada, gone = put(make_user(), IN_TEAM.ADMIN), make_user("gone@example.org")
    actions.deactivate(gone)
    with pytest.raises(Refusal, match="somebody else who can sign in"):
        leaving.leave(ada, heir=ada if heir == "themselves" else gone, by=make_owner())
    ada.refresh_from_db()
    assert ada.is_active


def test_what_a_leaver_owned_is_erased_once_they_have_left() -> None:
    ada, bob = make_user(), make_user("bob@example.org")
    asked(ada)
    asked(bob)
    with pytest.raises(Refusal, match="deactivated"):
        leaving.erase_belongings(ada, by=make_owner())
    Membership.objects.filter(user=ada).delete()
    leaving.leave(ada, heir=None, by=make_owner())
    assert leaving.erase_belongings(ada, by=make_owner()) == {"chats": 1}
    assert leaving.erase_belongings(ada, by=make_owner()) == {"chats": 0}
    deleted = Conversation.objects.for_housekeeping().exclude(deleted_at=None)
    assert [chat.owner for chat in deleted] == [ada]
    states = Generation.objects.for_housekeeping().order_by("user__email").values_list("state", flat=True)
    assert list(states) == ["stopped", "queued"]
