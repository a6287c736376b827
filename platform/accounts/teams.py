"""Changes of teams and of who is in them. `by` is the person who does it: raises Refused where they may not."""

from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import person, require_over, revoke_made_by
from accounts.authority import require
from accounts.holdings import teams_only_of
from accounts.live import ask_sockets_again
from accounts.models import Membership, Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target

NAME_TAKEN = gettext_lazy("Another team has this name.")
STILL_USED = gettext_lazy("Chats belong to this team, or a legal hold is on it. It can be deleted once they are gone.")


def team_target(team: Team) -> Target:
    """Return a team as the log names it."""
    return Target("team", team.pk)


@transaction.atomic
def make_team(*, name: str, by: User) -> Team:
    """Make an empty team. Raises Refusal for a name that is taken."""
    require(by, Power.MANAGE_TEAMS)
    try:
        with transaction.atomic():
            team = Team.objects.create(name=name)
    except IntegrityError:
        raise Refusal(NAME_TAKEN) from None
    record(verbs.TEAM_MADE, targets=[team_target(team)])
    return team


@transaction.atomic
def rename_team(team: Team, *, name: str, by: User) -> None:
    """Give a team another name. The log does not say which: names may tell. Raises Refusal for one that is taken."""
    require(by, Power.SET_TEAM_DEFAULTS, team)
    try:
        with transaction.atomic():
            renamed = Team.objects.filter(pk=team.pk).exclude(name=name).update(name=name)
    except IntegrityError:
        raise Refusal(NAME_TAKEN) from None
    if renamed:
        record(verbs.TEAM_CHANGED, targets=[team_target(team)], facts={"fields": ["name"]})


@transaction.atomic
def delete_team(team: Team, *, by: User) -> None:
    """Delete a team to which no chats belong; its people stay. Raises Refusal."""
    require(by, Power.MANAGE_TEAMS)
    people = list(Membership.objects.filter(team=team).values_list("user", flat=True))
    try:
        with transaction.atomic():
            Team.objects.filter(pk=team.pk).delete()
    except ProtectedError:
        raise Refusal(STILL_USED) from None
    transaction.on_commit(partial(ask_sockets_again, *people))
    record(verbs.TEAM_DELETED, targets=[team_target(team)], facts={"people": len(people)})


@transaction.atomic
def add_to_team(user: User, *, team: Team, role: Membership.Role, by: User) -> bool:
    """Put somebody who has an account into a team. Return whether they were not in it. Raises Refusal."""
    require(by, Power.INVITE_TO_TEAM, team)
    if role == Membership.Role.ADMIN:
        require(by, Power.CHANGE_TEAM_ROLES, team)
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise Refusal(_("This account is deactivated. An administrator can let its person in again."))
    _membership, is_new = Membership.objects.get_or_create(team=team, user=user, defaults={"role": role})
    if is_new:
        transaction.on_commit(partial(ask_sockets_again, user.pk))
        record(verbs.TEAM_JOINED, targets=[person(user), team_target(team)], changes={"team_role": (None, role)})
    return is_new


@transaction.atomic
def change_team_role(user: User, *, team: Team, role: Membership.Role, by: User) -> None:
    """Give somebody another part in a team. Raises Refusal for who is not in it."""
    require(by, Power.CHANGE_TEAM_ROLES, team)
    held = Membership.objects.select_for_update().filter(team=team, user=user).first()
    if held is None:
        raise Refusal(_("This person is not in the team."))
    if held.role == role:
        return
    Membership.objects.filter(pk=held.pk).update(role=role)
    revoked = revoke_made_by(user, team=team) if role != Membership.Role.ADMIN else 0
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    targets, changes = [person(user), team_target(team)], {"team_role": (held.role, role)}
    record(verbs.TEAM_ROLE_CHANGED, targets=targets, changes=changes, facts={"invitations_revoked": revoked})


@transaction.atomic
def remove_from_team(user: User, *, team: Team, by: User) -> None:
    """Take somebody out of a team: its chats are not there for them any more, and come back with them."""
    require(by, Power.REMOVE_FROM_TEAM, team)
    held = Membership.objects.select_for_update().filter(team=team, user=user).first()
    if held is None:
        return
    held.delete()
    revoked = revoke_made_by(user, team=team)
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    targets, changes = [person(user), team_target(team)], {"team_role": (held.role, None)}
    record(verbs.TEAM_LEFT, targets=targets, changes=changes, facts={"invitations_revoked": revoked})


@transaction.atomic
def hand_over(user: User, *, to: User, by: User) -> int:
    """Make somebody the administrator of the teams that only this person administers. Return how many teams."""
    require_over(by, Power.MANAGE_PEOPLE, user)
    if to.pk == user.pk or not User.objects.filter(pk=to.pk, is_active=True).exists():
        raise Refusal(_("Teams are handed over to somebody else who can sign in."))
    teams = list(teams_only_of(user))
    for team in teams:
        role = {"role": Membership.Role.ADMIN}
        Membership.objects.update_or_create(team=team, user=to, defaults=role)
    transaction.on_commit(partial(ask_sockets_again, to.pk))
    if teams:
        record(verbs.HANDED_OVER, targets=[person(user), person(to), *map(team_target, teams)])
    return len(teams)
