"""Who may what, as the rows are at this moment."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_team, make_user

from accounts.authority import (
    Denied,
    Refused,
    Standing,
    may,
    people_with,
    require,
    standing_of,
    teams_where,
)
from accounts.models import Denial, Membership, Team, User
from accounts.roles import ABOUT, ORGANISATION, TEAM, Power, only
from accounts.roles_document import document

OWNER, ADMIN, AUDITOR, MEMBER = User.Role.OWNER, User.Role.ADMIN, User.Role.AUDITOR, User.Role.MEMBER


def put(user: User, team: Team, role: str) -> None:
    Membership.objects.update_or_create(user=user, team=team, defaults={"role": role})


def test_every_power_is_described_and_every_role_is_in_the_table() -> None:
    assert set(ABOUT) == set(Power)
    assert set(ORGANISATION) == set(User.Role)
    assert set(TEAM) == set(Membership.Role)
    held = frozenset[Power]().union(*ORGANISATION.values(), *TEAM.values())
    assert held == set(Power)


def test_nobody_has_a_power_to_read_chats() -> None:
    said = " ".join([*Power, *(str(about.phrase) for about in ABOUT.values())])
    for word in ("chat_", "conversation", "read chats", "message"):
        assert word not in said


def test_what_each_role_of_the_organisation_may() -> None:
    in_teams = {power for power in Power if power.about.in_team}
    assert set(Power) - ORGANISATION[OWNER] == {Power.ASK, Power.EXPORT_HELD}
    assert ORGANISATION[OWNER] - ORGANISATION[ADMIN] == {Power.MAKE_OWNERS}
    reads = {Power.READ_LOG, Power.APPROVE_BREAK_GLASS, Power.SEE_RETENTION, Power.EXPORT_HELD}
    assert ORGANISATION[AUDITOR] == reads
    assert ORGANISATION[MEMBER] == frozenset()
    assert TEAM[Membership.Role.ADMIN] == in_teams
    assert TEAM[Membership.Role.MEMBER] == {Power.ASK}
    assert TEAM[Membership.Role.GUEST] == frozenset()


def test_a_power_of_one_team_is_none_in_another() -> None:
    one, other = make_team_pk(1), make_team_pk(2)
    standing = Standing(True, MEMBER, {one: Membership.Role.ADMIN, other: Membership.Role.GUEST})
    assert standing.allows(Power.INVITE_TO_TEAM, one)
    assert not standing.allows(Power.INVITE_TO_TEAM, other)
    assert not standing.allows(Power.INVITE_TO_TEAM)
    assert standing.somewhere(Power.INVITE_TO_TEAM)
    assert not standing.somewhere(Power.MANAGE_PEOPLE)


def make_team_pk(number: int) -> Any:
    from uuid import UUID

    return UUID(int=number)


@pytest.mark.parametrize(
    ("denied", "power", "allowed"),
    [
        (Denied(Power.INVITE_TO_TEAM, None, "r"), Power.INVITE_TO_TEAM, (False, False)),
        (Denied(Power.INVITE_TO_TEAM, make_team_pk(1), "r"), Power.INVITE_TO_TEAM, (False, True)),
        (Denied(Power.REMOVE_FROM_TEAM, None, "r"), Power.INVITE_TO_TEAM, (True, True)),
        (Denied(Power.READ_LOG, make_team_pk(1), "r"), Power.READ_LOG, (False, False)),
    ],
)
def test_deny_beats_allow(denied: Denied, power: Power, allowed: tuple[bool, bool]) -> None:
    admin = Standing(True, ADMIN, {}, (denied,))
    assert (admin.allows(power, make_team_pk(1)), admin.allows(power, make_team_pk(2))) == allowed
    owner = Standing(True, OWNER, {}, (denied,))
    assert owner.allows(power, make_team_pk(1))


def test_who_is_shut_out_may_nothing() -> None:
    assert not any(Standing(False, OWNER, {}).allows(power) for power in Power)


@pytest.mark.django_db
def test_authority_is_read_anew_each_time_by_one_query() -> None:
    ada, team = make_user(), make_team()
    put(ada, team, Membership.Role.ADMIN)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert may(ada, Power.INVITE_TO_TEAM, team).allowed
    assert len(queries) == 1
    put(ada, team, Membership.Role.GUEST)
    assert not may(ada, Power.INVITE_TO_TEAM, team).allowed
    User.objects.filter(pk=ada.pk).update(organisation_role=ADMIN)
    assert may(ada, Power.INVITE_TO_TEAM, team).allowed
    Denial.objects.create(person=ada, power=Power.INVITE_TO_TEAM, reason="Spam.")
    assert not may(ada, Power.INVITE_TO_TEAM, team).allowed
    User.objects.filter(pk=ada.pk).update(organisation_role=OWNER)
    assert may(ada, Power.INVITE_TO_TEAM, team).allowed
    User.objects.filter(pk=ada.pk).delete()
    assert not may(ada, Power.INVITE_TO_TEAM, team).allowed


@pytest.mark.django_db
def test_a_refusal_says_why_and_who_can_change_it() -> None:
    ada, team = make_user(), make_team()
    for name in ("zoe", "yan", "xia", "will"):
        make_user(f"{name}@example.org", role=ADMIN)
    bob = make_user("bob@example.org")
    put(bob, team, Membership.Role.ADMIN)
    verdict = may(ada, Power.INVITE_TO_TEAM, team)
    assert verdict.why == "Only team administrators, owners and administrators invite people to a team."
    assert verdict.who == "Administrators of the team Engineering: Bob"
    assert may(ada, Power.MANAGE_PEOPLE).who == "Your organisation's administrators: Will, Xia, Yan and others"
    bob.delete()
    assert may(ada, Power.INVITE_TO_TEAM, team).who == "Your organisation's administrators: Will, Xia, Yan and others"


@pytest.mark.django_db
def test_a_denial_is_said_with_its_reason() -> None:
    ada, team = make_user(), make_team()
    Denial.objects.create(team=team, power=Power.ASK, reason="The trial has ended.")
    verdict = may(ada, Power.ASK, team)
    assert not verdict.allowed
    assert verdict.why == "Your organisation's administrators have taken this from you: The trial has ended."
    with pytest.raises(Refused) as refusal:
        require(ada, Power.ASK, team)
    assert refusal.value.verdict == verdict
    assert may(make_user("bob@example.org", team=make_team("Other")), Power.ASK, make_team("Other")).allowed


@pytest.mark.django_db
def test_owners_make_owners() -> None:
    make_user("olga@example.org", role=OWNER)
    admin = make_user("adam@example.org", role=ADMIN)
    verdict = may(admin, Power.MAKE_OWNERS)
    assert verdict.why == only(Power.MAKE_OWNERS) == "Only owners make owners, and change what belongs to owners."
    assert verdict.who == "Your organisation's owners: Olga"


@pytest.mark.django_db
def test_the_teams_in_which_somebody_may() -> None:
    first, second = make_team("First"), make_team("Second")
    ada = make_user(team=first)
    put(ada, second, Membership.Role.ADMIN)
    assert list(teams_where(ada, Power.INVITE_TO_TEAM)) == [second]
    assert list(teams_where(ada, Power.ASK).order_by("name")) == [first, second]
    admin = make_user("adam@example.org", role=ADMIN)
    assert {first, second} <= set(teams_where(admin, Power.INVITE_TO_TEAM))
    Denial.objects.create(person=admin, team=second, power=Power.INVITE_TO_TEAM, reason="r")
    assert second not in teams_where(admin, Power.INVITE_TO_TEAM)
    Denial.objects.create(person=admin, power=Power.INVITE_TO_TEAM, reason="r")
    assert not teams_where(admin, Power.INVITE_TO_TEAM).exists()


@pytest.mark.django_db
def test_people_with_a_power() -> None:
    olga, adam = make_user("olga@example.org", role=OWNER), make_user("adam@example.org", role=ADMIN)
    audrey = make_user("audrey@example.org", role=AUDITOR)
    make_user()
    assert set(people_with(Power.APPROVE_BREAK_GLASS)) == {olga, adam, audrey}
    Denial.objects.create(team=make_team(), power=Power.APPROVE_BREAK_GLASS, reason="r")
    assert set(people_with(Power.APPROVE_BREAK_GLASS)) == {olga}
    assert standing_of(olga).role == OWNER


def test_the_document_is_the_table() -> None:
    assert (settings.BASE_DIR / "docs" / "roles.md").read_text(encoding="utf-8") == document()
