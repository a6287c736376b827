"""The acts of those who keep people, teams and the organisation, and the entries that they leave."""

from acts import TARGET_ADA, Case
from django.test import override_settings
from django.utils import timezone
from factories import PASSWORD, make_deployment, make_owner, make_team

from accounts import actions, denials, inviting, joining, looking, mailing, organising, teams
from accounts.inviting import Invited, Wish
from accounts.models import Invitation, Joiner, Membership, Organisation, User
from accounts.roles import Power
from models_admin.actions import choose_models


def organise(_: User) -> None:
    Organisation.objects.create(name="Aalto")
    organising.set_organisation(by=make_owner(), name="Other", mfa="everyone")


def look(_: User) -> None:
    Organisation.objects.create(name="Aalto")
    looking.set_look(accent="#1d5a8a", by=make_owner())


def announce(_: User) -> None:
    Organisation.objects.create(name="Aalto")
    texts = {"text": "Secret words.", "level": "warning", "audience": "everybody"}
    looking.set_banner(**texts, begins=None, ends=None, by=make_owner())


def reactivate(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    actions.reactivate(ada, by=make_owner())


def hand_over(ada: User) -> None:
    Membership.objects.filter(user=ada).update(role=Membership.Role.ADMIN)
    teams.hand_over(ada, to=make_owner(), by=make_owner())


def lift(ada: User) -> None:
    denial = denials.deny(Power.ASK, user=ada, reason="Secret reason.", by=make_owner())
    denials.lift(denial, by=make_owner())


def invite(email: str = "bob@example.org") -> Invited:
    return inviting.invite(Wish(email, team=make_team()), by=make_owner(), now=timezone.now())


def invited() -> Invitation:
    found = invite().invitation
    assert found
    return found


def invite_all(_: User) -> None:
    wishes = [Wish("bob@example.org", team=make_team()), Wish("ada@example.org", team=make_team("Other"))]
    inviting.invite_all(wishes, by=make_owner(), now=timezone.now())


def accept(_: User) -> None:
    token = invite().token
    assert token
    inviting.accept(token, display_name="Bob", password=PASSWORD, now=timezone.now())


def mail(_: User) -> None:
    Invitation.objects.filter(pk=invited().pk).update(mail=Invitation.Mail.WAITING)
    with override_settings(MAIL_IS_SET_UP=True):
        mailing.mail_waiting(now=timezone.now())


def ask_to_join() -> Joiner:
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Aalto", "joining": "approval"})
    joining.ask_to_join(email="eve@example.org", display_name="Eve", password=PASSWORD)
    return Joiner.objects.get()


def choose(_: User) -> None:
    one = make_deployment().pk
    choose_models(make_team(), models=[one], default=one, by=make_owner())
    choose_models(make_team(), models=[one], default=one, by=make_owner())  # it stands already
    choose_models(make_team(), models=[], default=None, by=make_owner())


MADE = "accounts.person_added"  # the owner, who acts
EXEMPT = {
    "accounts.actions.locked": "reads",
    "accounts.actions.require_over": "asks",
    "accounts.actions.refuse_last_owner": "asks",
    "accounts.actions.revoke_made_by": "a part of acts whose entries count it",
    "accounts.teams.team_target": "names a target",
    "accounts.inviting.target": "names a target",
    "accounts.inviting.require_to_invite": "asks",
    "accounts.inviting.invitation_for": "reads",
    "accounts.mailing.mail_letters": "tells people of what is in the log already",
    "accounts.joining.target": "names a target",
    "accounts.looking.choose_theme": "one's own taste",
    "accounts.looking.close_banner": "one's own page",
    "accounts.joining.can_ask": "reads",
}
CASES = {
    "accounts.actions.reactivate": Case(
        reactivate,
        (MADE, "accounts.person_reactivated"),
        TARGET_ADA | {"changes": {"is_active": {"old": False, "new": True}}},
    ),
    "accounts.actions.change_role": Case(
        lambda ada: actions.change_role(ada, role=User.Role.AUDITOR, by=make_owner()),
        (MADE, "accounts.role_changed"),
        TARGET_ADA | {"changes": {"organisation_role": {"old": "member", "new": "auditor"}}},
    ),
    "accounts.actions.set_person": Case(
        lambda ada: actions.set_person(ada, email="Lovelace@example.org", display_name="Ada L.", by=make_owner()),
        (MADE, "accounts.person_changed"),
        TARGET_ADA | {"facts": {"fields": ["email", "display_name"]}},
    ),
    "accounts.looking.set_look": Case(
        look, (MADE, "accounts.look_changed"), {"changes": {"accent": {"old": "", "new": "#1d5a8a"}}, "facts": {}}
    ),
    "accounts.looking.set_banner": Case(
        announce,
        (MADE, "accounts.banner_changed"),
        {"changes": {"banner_level": {"old": "info", "new": "warning"}}, "facts": {"fields": ["banner"]}},
    ),
    "accounts.teams.make_team": Case(
        lambda _: teams.make_team(name="Salamanders", by=make_owner()), (MADE, "accounts.team_made"), {}
    ),
    "accounts.teams.rename_team": Case(
        lambda _: teams.rename_team(make_team(), name="Salamanders", by=make_owner()),
        (MADE, "accounts.team_changed"),
        {"facts": {"fields": ["name"]}},
    ),
    "models_admin.actions.choose_models": Case(choose, (MADE, "models.team_chose", "models.team_chose"), {}),
    "accounts.teams.delete_team": Case(
        lambda _: teams.delete_team(make_team("Other"), by=make_owner()),
        (MADE, "accounts.team_deleted"),
        {"facts": {"people": 0}},
    ),
    "accounts.teams.add_to_team": Case(
        lambda ada: teams.add_to_team(ada, team=make_team("Other"), role=Membership.Role.GUEST, by=make_owner()),
        (MADE, "accounts.team_joined"),
        {"changes": {"team_role": {"old": None, "new": "guest"}}},
    ),
    "accounts.teams.change_team_role": Case(
        lambda ada: teams.change_team_role(ada, team=make_team(), role=Membership.Role.GUEST, by=make_owner()),
        (MADE, "accounts.team_role_changed"),
        {"changes": {"team_role": {"old": "member", "new": "guest"}}},
    ),
    "accounts.teams.remove_from_team": Case(
        lambda ada: teams.remove_from_team(ada, team=make_team(), by=make_owner()),
        (MADE, "accounts.team_left"),
        {"changes": {"team_role": {"old": "member", "new": None}}},
    ),
    "accounts.teams.hand_over": Case(hand_over, (MADE, "accounts.handed_over"), {}),
    "accounts.denials.deny": Case(
        lambda ada: denials.deny(Power.ASK, user=ada, reason="Secret reason.", by=make_owner()),
        (MADE, "accounts.denied"),
        TARGET_ADA | {"facts": {"power": "ask", "again": False}},
    ),
    "accounts.denials.lift": Case(
        lift, (MADE, "accounts.denied", "accounts.denial_lifted"), TARGET_ADA | {"facts": {"power": "ask"}}
    ),
    "accounts.organising.set_organisation": Case(
        organise,
        (MADE, "accounts.organisation_changed"),
        {"changes": {"mfa": {"old": "nobody", "new": "everyone"}}, "facts": {"fields": ["name"]}},
    ),
    "accounts.inviting.invite": Case(
        lambda _: invite(),
        (MADE, "accounts.invited"),
        {"facts": {"organisation_role": "member", "team_role": "member"}},
    ),
    "accounts.inviting.invite_all": Case(
        invite_all,
        (MADE, "accounts.invited", "accounts.team_joined"),
        {"facts": {"by": "file"}},
    ),
    "accounts.inviting.renew": Case(
        lambda _: inviting.renew(invited(), by=make_owner(), now=timezone.now()),
        (MADE, "accounts.invited", "accounts.invitation_renewed"),
        {},
    ),
    "accounts.inviting.revoke": Case(
        lambda _: inviting.revoke(invited(), by=make_owner(), now=timezone.now()),
        (MADE, "accounts.invited", "accounts.invitation_revoked"),
        {},
    ),
    "accounts.inviting.accept": Case(
        accept, (MADE, "accounts.invited", "accounts.person_added", "accounts.invitation_accepted"), {}
    ),
    "accounts.mailing.mail_waiting": Case(mail, (MADE, "accounts.invited", "accounts.invitation_mailed"), {}),
    "accounts.joining.ask_to_join": Case(lambda _: ask_to_join(), ("accounts.join_asked",), {}),
    "accounts.joining.approve": Case(
        lambda _: joining.approve(ask_to_join(), team=make_team(), by=make_owner(), now=timezone.now()),
        ("accounts.join_asked", MADE, "accounts.person_added", "accounts.join_approved"),
        {},
    ),
    "accounts.joining.decline": Case(
        lambda _: joining.decline(ask_to_join(), by=make_owner(), now=timezone.now()),
        ("accounts.join_asked", MADE, "accounts.join_declined"),
        {},
    ),
}
