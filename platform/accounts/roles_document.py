"""`docs/roles.md`, written from the table. `manage.py write_roles` does it; a test holds the two equal."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from accounts.models import Membership, User
from accounts.roles import ORGANISATION, ORGANISATION_NAMES, TEAM, TEAM_NAMES, Power

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

R = TypeVar("R", User.Role, Membership.Role)

HEAD = """# Who may what

Written by `manage.py write_roles` from `platform/accounts/roles.py`: change it there. Every check in Hearth reads that
table, and reads people's roles anew each time. A refusal says why, and who can change it.

**No role reads other people's chats.** Who must see somebody's content asks for it, with a reason, and a second person
decides; the person concerned is told. An auditor reads the log and changes nothing.
"""
TEAM_HEAD = """
## In a team

Owners and administrators of the organisation hold these in every team, but for asking: who asks in a team is in it.
"""
RULES = """
## Rules beside the table

* Every person has one role in the organisation, and one in each team they are in. What one may in one team, one may not
  in another.
* The organisation's administrators can take any power from a person, from a team's people, or from a person in one
  team, with a reason. What is taken away stays so whatever roles give. Nothing can be taken from owners, and nobody
  gives back what was taken from themselves.
* What belongs to an owner (role, account, sessions, teams) is changed by owners alone. The last owner can neither be
  demoted nor deactivated.
* Nobody invites people with more than they may give themselves: owners are invited by owners, other roles of the
  organisation by those who change them. Who is deactivated or loses such a role loses their open invitations.
* Who leaves a team no longer finds its chats, and finds them again on coming back. A guest reads their chats and asks
  no more. Open tabs follow within five seconds, within sixty when Redis is away.
"""


def _table(powers: list[Power], held: Mapping[R, frozenset[Power]], names: Mapping[R, "StrOrPromise"]) -> str:
    lines = [f"| may … | {' | '.join(str(names[role]) for role in held)} |", f"| --- |{' --- |' * len(held)}"]
    for power in powers:
        marks = " | ".join("yes" if power in mine else "no" for mine in held.values())
        lines.append(f"| {power.about.phrase} | {marks} |")
    return "\n".join(lines) + "\n"


def document() -> str:
    """Return the whole file."""
    house = [power for power in Power if not power.about.in_team]
    in_team = [power for power in Power if power.about.in_team]
    organisation = "\n## In the organisation\n\n" + _table(house, ORGANISATION, ORGANISATION_NAMES)
    return HEAD + organisation + TEAM_HEAD + "\n" + _table(in_team, TEAM, TEAM_NAMES) + RULES
