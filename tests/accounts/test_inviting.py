"""Links by which people come in: once, in time, with the roles that whoever invited may give."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from factories import PASSWORD, make_owner, make_team, make_user

from accounts import inviting, mailing, tokens
from accounts.actions import change_role, deactivate
from accounts.authority import Refused
from accounts.inviting import InvitationGone, Wish
from accounts.models import Invitation, Membership, Team, User
from accounts.refusal import Refusal
from accounts.teams import change_team_role
from audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
NOW = timezone.now()
ADMIN, MEMBER, GUEST = Membership.Role.ADMIN, Membership.Role.MEMBER, Membership.Role.GUEST


def keeper(team: Team | None = None) -> User:
    """Return the administrator of a team."""
    user = make_user("kay@example.org", team=team)
    Membership.objects.filter(user=user).update(role=ADMIN)
    return user


def token_for(wish: Wish, *, by: User | None = None) -> str:
    token = inviting.invite(wish, by=by or make_owner(), now=NOW).token
    assert token is not None
    return token


def accept(token: str, *, now: Any = NOW) -> User:
    return inviting.accept(token, display_name="Bob", password=PASSWORD, now=now)


def test_a_link_makes_a_person_with_its_team_and_roles() -> None:
    wish = Wish("Bob@Example.org", team=make_team(), team_role=GUEST, organisation_role=User.Role.AUDITOR)
    bob = accept(token_for(wish))
    assert (bob.email, bob.display_name, bob.organisation_role) == ("bob@example.org", "Bob", User.Role.AUDITOR)
    assert bob.check_password(PASSWORD)
    assert list(bob.memberships.values_list("team__name", "role")) == [("Engineering", GUEST)]
    used = Invitation.objects.get()
    assert (used.used_at, used.used_by) == (NOW, bob)


def test_the_token_is_kept_nowhere() -> None:
    token = token_for(Wish("bob@example.org", team=make_team()))
    held = Invitation.objects.get()
    assert held.token_hash == tokens.hash_of(token)
    assert len(token) >= 43
    assert not any(token in str(value) for value in Invitation.objects.values_list()[0])
    assert not Entry.objects.filter(body__contains=token).exists()


def used(token: str) -> None:
    accept(token)


def revoked(token: str) -> None:
    inviting.revoke(Invitation.objects.get(), by=make_owner(), now=NOW)


def expired(token: str) -> None:
    Invitation.objects.update(expires_at=NOW)


def renewed(token: str) -> None:
    inviting.renew(Invitation.objects.get(), by=make_owner(), now=NOW)


def invited_again(token: str) -> None:
    token_for(Wish("bob@example.org", team=make_team()))


@pytest.mark.parametrize("spoil", [used, revoked, expired, renewed, invited_again])
def test_a_link_that_is_no_longer_good_opens_nothing(spoil: Callable[[str], None]) -> None:
    token = token_for(Wish("bob@example.org", team=make_team()))
    spoil(token)
    people, entries = User.objects.count(), Entry.objects.count()
    with pytest.raises(InvitationGone), transaction.atomic():
        accept(token)
    with pytest.raises(InvitationGone):
        inviting.invitation_for(token, now=NOW)
    assert (User.objects.count(), Entry.objects.count()) == (people, entries)


@pytest.mark.parametrize("forged", ["", "x" * 43, "\x00", "ü", "../" * 20])
def test_a_forged_link_opens_nothing(forged: str) -> None:
    token_for(Wish("bob@example.org", team=make_team()))
    with pytest.raises(InvitationGone):
        accept(forged)


def test_a_waiting_mail_has_no_token_to_guess() -> None:
    make_owner()
    Invitation.objects.create(email="bob@example.org", expires_at=NOW + timedelta(days=1))
    for guess in ("", "None"):
        with pytest.raises(InvitationGone):
            accept(guess)


def test_it_works_to_the_end_of_its_seven_days() -> None:
    token = token_for(Wish("bob@example.org", team=make_team()))
    with pytest.raises(InvitationGone), transaction.atomic():
        accept(token, now=NOW + timedelta(days=7))
    assert accept(token, now=NOW + timedelta(days=7, seconds=-1))


def test_one_link_brings_every_team_one_was_invited_to() -> None:
    token = token_for(Wish("bob@example.org", team=make_team()))
    other = token_for(Wish("bob@example.org", team=make_team("Other"), team_role=GUEST))
    bob = accept(token)
    assert set(bob.memberships.values_list("team__name", "role")) == {("Engineering", MEMBER), ("Other", GUEST)}
    with pytest.raises(InvitationGone):
        accept(other)


def test_the_roles_in_the_organisation_are_those_of_the_link_that_is_used() -> None:
    token_for(Wish("bob@example.org", organisation_role=User.Role.ADMIN))
    assert accept(token_for(Wish("bob@example.org", team=make_team()))).organisation_role == User.Role.MEMBER


def test_who_has_an_account_meanwhile_signs_in() -> None:
    token = token_for(Wish("bob@example.org", team=make_team()))
    make_user("bob@example.org", team=make_team("Other"))
    with pytest.raises(Refusal, match="Sign in with it"), transaction.atomic():
        accept(token)
    assert Invitation.objects.get().used_at is None


def test_who_is_here_already_is_put_into_the_team() -> None:
    bob = make_user("bob@example.org", team=make_team("Other"))
    done = inviting.invite(Wish("BOB@example.org", team=make_team(), team_role=GUEST), by=make_owner(), now=NOW)
    assert (done.joined, done.invitation, done.token) == (bob, None, None)
    assert bob.memberships.get(team=make_team()).role == GUEST
    with pytest.raises(Refusal, match="in the team already"):
        inviting.invite(Wish("bob@example.org", team=make_team()), by=make_owner(), now=NOW)
    deactivate(bob)
    with pytest.raises(Refusal, match="deactivated"):
        inviting.invite(Wish("bob@example.org", team=make_team("Third")), by=make_owner(), now=NOW)


def test_a_team_administrator_invites_to_that_team_alone() -> None:
    kay = keeper(make_team())
    assert inviting.invite(Wish("bob@example.org", team=make_team(), team_role=ADMIN), by=kay, now=NOW).token
    for wish in (
        Wish("eve@example.org"),
        Wish("eve@example.org", team=make_team("Other")),
        Wish("eve@example.org", team=make_team(), organisation_role=User.Role.AUDITOR),
    ):
        with pytest.raises(Refused):
            inviting.invite(wish, by=kay, now=NOW)
        with pytest.raises(Refused):
            inviting.invite_all([wish], by=kay, now=NOW)
    assert not Invitation.objects.filter(email="eve@example.org").exists()


@pytest.mark.parametrize("role", [User.Role.MEMBER, User.Role.AUDITOR])
def test_members_and_auditors_invite_nobody(role: User.Role) -> None:
    user = make_user(role=role)
    with pytest.raises(Refused) as refusal:
        inviting.invite(Wish("bob@example.org", team=make_team()), by=user, now=NOW)
    assert refusal.value.verdict.why == "Only team administrators, owners and administrators invite people to a team."


def test_administrators_invite_no_owners() -> None:
    admin = make_user(role=User.Role.ADMIN)
    inviting.invite(Wish("bob@example.org", organisation_role=User.Role.ADMIN), by=admin, now=NOW)
    with pytest.raises(Refused):
        inviting.invite(Wish("eve@example.org", organisation_role=User.Role.OWNER), by=admin, now=NOW)


def shut_out(user: User) -> None:
    deactivate(user)


def demoted(user: User) -> None:
    change_team_role(user, team=make_team(), role=MEMBER, by=make_owner())


def made_auditor(user: User) -> None:
    change_role(user, role=User.Role.AUDITOR, by=make_owner())


@pytest.mark.parametrize("lose", [shut_out, demoted, made_auditor])
def test_invitations_go_with_the_authority_of_who_made_them(lose: Callable[[User], None]) -> None:
    kay = keeper(make_team())
    token = token_for(Wish("bob@example.org", team=make_team()), by=kay)
    lose(kay)
    with pytest.raises(InvitationGone):
        accept(token)


def test_many_are_invited_at_once_by_few_queries(django_assert_max_num_queries: Any) -> None:
    team, owner = make_team(), make_owner()
    make_user("known@example.org", team=make_team("Other"))
    token_for(Wish("p7@example.org", team=team))
    wishes = [Wish(f"p{n}@example.org", team=team) for n in range(1200)] + [Wish("known@example.org", team=team)]
    entries = Entry.objects.count()
    with django_assert_max_num_queries(30):
        done = inviting.invite_all(wishes, by=owner, now=NOW)
    assert [one.token is None for one in done] == [False] * 1200 + [True]
    assert done[-1].joined is not None
    assert Membership.objects.filter(team=team, user__email="known@example.org").exists()
    assert Entry.objects.count() - entries == 4
    assert Invitation.objects.filter(used_at=None, revoked_at=None).count() == 1200
    assert accept(done[7].token or "").email == "p7@example.org"


def test_many_are_all_or_nobody() -> None:
    bob = make_user("bob@example.org", team=make_team("Other"))
    deactivate(bob)
    wishes = [Wish("eve@example.org", team=make_team()), Wish("bob@example.org", team=make_team())]
    with pytest.raises(Refusal), transaction.atomic():
        inviting.invite_all(wishes, by=make_owner(), now=NOW)
    assert not Invitation.objects.exists()


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True


@pytest.mark.usefixtures("with_mail")
def test_where_mail_is_set_up_the_link_is_seen_by_nobody_else() -> None:
    done = inviting.invite(Wish("bob@example.org", team=make_team()), by=make_owner(), now=NOW)
    assert done.token is None
    assert mailing.mail_waiting(now=NOW) == 1
    assert mailing.mail_waiting(now=NOW) == 0
    (sent,) = mail.outbox
    assert sent.to == ["bob@example.org"]
    assert "Olga invites you to Hearth, to the team Engineering." in sent.body
    token = sent.body.split("/join/")[1].split("/")[0]
    assert accept(token).email == "bob@example.org"
    assert not Entry.objects.filter(body__contains=token).exists()


@pytest.mark.usefixtures("with_mail")
def test_a_mail_that_fails_is_said_and_can_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    invitation = inviting.invite(Wish("bob@example.org", team=make_team()), by=make_owner(), now=NOW).invitation
    assert invitation is not None
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", _fail)
        assert mailing.mail_waiting(now=NOW) == 0
    assert Invitation.objects.get().mail == Invitation.Mail.FAILED
    mailed = Entry.objects.filter(verb="accounts.invitation_mailed").order_by("seq")
    assert list(mailed.values_list("result", flat=True)) == ["done", "refused"]
    inviting.renew(invitation, by=make_owner(), now=NOW)
    assert mailing.mail_waiting(now=NOW) == 1


@pytest.mark.usefixtures("with_mail")
def test_while_the_mail_server_is_away_invitations_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    inviting.invite(Wish("bob@example.org", team=make_team()), by=make_owner(), now=NOW)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", _fail)
    assert mailing.mail_waiting(now=NOW) == 0
    assert Invitation.objects.get().mail == Invitation.Mail.WAITING


def _fail(*_: object, **__: object) -> None:
    raise ConnectionRefusedError
