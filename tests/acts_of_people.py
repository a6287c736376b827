"""The acts of those who keep people, teams and the organisation, and the entries that they leave."""

from acts import TARGET_ADA, Case
from factories import make_owner, make_team

from accounts import actions, denials, organising, teams
from accounts.models import Membership, Organisation, User
from accounts.roles import Power


def organise(_: User) -> None:
    Organisation.objects.create(name="Aalto")
    organising.set_organisation(by=make_owner(), name="Other", mfa="everyone")


def reactivate(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    actions.reactivate(ada, by=make_owner())


def hand_over(ada: User) -> None:
    Membership.objects.filter(user=ada).update(role=Membership.Role.ADMIN)
    teams.hand_over(ada, to=make_owner(), by=make_owner())


def lift(ada: User) -> None:
    denial = denials.deny(Power.ASK, user=ada, reason="Secret reason.", by=make_owner())
    denials.lift(denial, by=make_owner())


MADE = "accounts.person_added"  # the owner, who acts
EXEMPT = {
    "accounts.actions.locked": "reads",
    "accounts.actions.require_over": "asks",
    "accounts.actions.refuse_last_owner": "asks",
    "accounts.actions.revoke_made_by": "a part of acts whose entries count it",
    "accounts.teams.team_target": "names a target",
    "accounts.teams.refuse_out_of_bounds": "asks",
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
    "accounts.teams.make_team": Case(
        lambda _: teams.make_team(name="Salamanders", by=make_owner()), (MADE, "accounts.team_made"), {}
    ),
    "accounts.teams.rename_team": Case(
        lambda _: teams.rename_team(make_team(), name="Salamanders", by=make_owner()),
        (MADE, "accounts.team_changed"),
        {"facts": {"fields": ["name"]}},
    ),
    "accounts.teams.set_retention": Case(
        lambda _: teams.set_retention(make_team(), days=30, by=make_owner()),
        (MADE, "accounts.team_changed"),
        {"changes": {"retention_days": {"old": None, "new": 30}}},
    ),
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
}
