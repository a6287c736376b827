"""The rules in force, read from their rows: for every team its terms, and for the house what holds everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.models import Team
from retention.models import HouseRules, TeamRules
from retention.rule import Terms

HOUSE_SETTINGS = (
    "days",
    "least",
    "most",
    "file_days",
    "temporary_hours",
    "export_hours",
    "grace_days",
    "pinned_exempt",
    "deleting",
    "delay_hours",
    "notice_days",
    "backup_days",
)
TEAM_SETTINGS = ("keeps", "days", "file_days", "temporary_hours")


@dataclass(frozen=True, slots=True)
class InForce:
    """The terms of each team that has rules of its own, of all others (`usual`), and the house's own settings."""

    usual: Terms
    teams: Mapping[UUID, Terms] = field(default_factory=dict)
    export_hours: int = 48
    backup_days: int = 30

    def of(self, team: UUID | None) -> Terms:
        """Return the terms of a team."""
        return self.teams.get(team, self.usual) if team else self.usual

    def groups(self) -> dict[Terms, list[UUID] | None]:
        """Return for each different terms their teams; None stands for every team that is named nowhere else."""
        found: dict[Terms, list[UUID] | None] = {}
        for team, terms in self.teams.items():
            if terms != self.usual:
                teams = found.setdefault(terms, [])
                assert teams is not None
                teams.append(team)
        return found | {self.usual: None}

    def others(self) -> list[UUID]:
        """Return the teams whose terms are not the usual ones."""
        return [team for team, terms in self.teams.items() if terms != self.usual]


def house() -> HouseRules:
    """Return the organisation's rules: as they come, where nobody has set any."""
    return HouseRules.objects.filter(pk=1).first() or HouseRules()


def terms_of(house: HouseRules, rules: TeamRules | None) -> Terms:
    """Return what holds in a team: its own choice within the organisation's bounds, else the organisation's."""
    keeps = rules.keeps if rules else TeamRules.Keeps.HOUSE
    days = {TeamRules.Keeps.HOUSE: house.days, TeamRules.Keeps.EVER: None}.get(
        TeamRules.Keeps(keeps), rules.days if rules else None
    )
    mine = rules or TeamRules()
    return Terms.within(
        days,
        least=house.least,
        most=house.most,
        file_days=_shorter(mine.file_days, house.file_days),
        grace_days=house.grace_days,
        temporary_hours=_shorter(mine.temporary_hours, house.temporary_hours),
        pinned_exempt=house.pinned_exempt,
    )


def _shorter(mine: int | None, houses: int | None) -> int | None:
    """Files and temporary chats: a team may keep them shorter than the organisation, not longer."""
    known = [value for value in (mine, houses) if value is not None]
    return min(known) if known else None


def in_force() -> InForce:
    """Return the rules as they are now. Two queries."""
    return _gathered(house(), {rules.team_id: rules for rules in TeamRules.objects.all()})


def proposed(team: Team | None, values: Mapping[str, Any]) -> InForce:
    """Return the rules as they would be with these settings of one team, or of the organisation."""
    own, rules = house(), {rules.team_id: rules for rules in TeamRules.objects.all()}
    changed = own if team is None else rules.setdefault(team.pk, TeamRules(team=team))
    for name, value in values.items():
        setattr(changed, name, value)
    return _gathered(own, rules)


def _gathered(own: HouseRules, rules: Mapping[UUID, TeamRules]) -> InForce:
    return InForce(
        usual=terms_of(own, None),
        teams={team: terms_of(own, row) for team, row in rules.items()},
        export_hours=own.export_hours,
        backup_days=own.backup_days,
    )
