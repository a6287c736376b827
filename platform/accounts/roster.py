"""Many people from one file: read it, say what each line would do, and only then (elsewhere) do it."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.authority import Standing, standing_of
from accounts.inviting import Wish
from accounts.models import Membership, Team, User
from accounts.roles import Power, only

MOST_LINES = 5_000
MOST_BYTES = 2_000_000
COLUMNS = ("email", "name", "team", "role")
ROLES = {role.value: role for role in Membership.Role}
LONGEST = {"email": 254, "name": 120, "team": 120, "role": 20}


class BadFile(Exception):
    """The file cannot be read as a whole; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file. `problem` keeps the whole file out; `note` says what it does, or that nothing is to do."""

    number: int
    email: str
    name: str
    team: str
    role: str
    problem: str = ""
    note: str = ""
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a file would do, line by line."""

    lines: list[Line]

    @property
    def problems(self) -> int:
        """Lines that must be corrected before anybody is invited."""
        return sum(bool(line.problem) for line in self.lines)

    @property
    def wishes(self) -> list[Wish]:
        """What is to be done."""
        return [line.wish for line in self.lines if line.wish is not None]

    @property
    def is_ready(self) -> bool:
        """Whether it can be done as it is."""
        return not self.problems and bool(self.wishes)


def read(data: bytes) -> list[Line]:
    """Return the lines of a CSV file: UTF-8 with or without BOM, a header, commas or semicolons. Raises BadFile."""
    if len(data) > MOST_BYTES:
        raise BadFile(_("The file is larger than 2 MB."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile(_("The file is not UTF-8. Choose “CSV UTF-8” when you save it.")) from None
    if "\x00" in text:
        raise BadFile(_("This is not a text file."))
    head = text.lstrip("\r\n").split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        numbered = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error:
        raise BadFile(
            _("Line %(line_num)s cannot be read: is a quotation mark missing?") % {"line_num": rows.line_num}
        ) from None
    return _lines(numbered)


def _lines(numbered: list[tuple[int, list[str]]]) -> list[Line]:
    if not numbered:
        raise BadFile(_("The file is empty."))
    columns = [cell.strip().lower() for cell in numbered[0][1]]
    if "email" not in columns or not set(columns) <= set(COLUMNS) or len(set(columns)) < len(columns):
        raise BadFile(_("The first line must name the columns: email, and, if you like, name, team and role."))
    if len(numbered) == 1:
        raise BadFile(_("There is nobody below the first line."))
    if len(numbered) - 1 > MOST_LINES:
        raise BadFile(
            _("The file has %(numbered)s lines. Send %(most_lines)s at most, and the rest in another file.")
            % {"numbered": len(numbered) - 1, "most_lines": MOST_LINES}
        )
    return [_line(number, columns, row) for number, row in numbered[1:]]


def _line(number: int, columns: list[str], row: list[str]) -> Line:
    cells = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
    shown = {name: cells[name][: LONGEST[name]] for name in COLUMNS}
    problem = "" if len(row) <= len(columns) else _("There are more cells than columns.")
    for name, longest in LONGEST.items():
        if len(cells[name]) > longest:
            problem = _("The %(name)s is longer than %(longest)s characters.") % {"name": name, "longest": longest}
    return Line(number, shown["email"].lower(), shown["name"], shown["team"], shown["role"].lower(), problem)


def check(lines: Iterable[Line], *, by: User) -> Report:
    """Say of each line what it would do, by a few queries for the whole file. Nothing is written."""
    lines = list(lines)
    standing = standing_of(by)
    teams = {team.name.casefold(): team for team in Team.objects.filter(name__in={line.team for line in lines})}
    teams |= {team.name.casefold(): team for team in _other_spellings(lines, teams)}
    people = {user.email: user for user in User.objects.filter(email__in={line.email for line in lines})}
    there = set(Membership.objects.filter(user__in=people.values()).values_list("user", "team"))
    seen: dict[tuple[str, str], int] = {}
    return Report([_checked(line, standing, teams, people, there, seen) for line in lines])


def _other_spellings(lines: list[Line], known: Mapping[str, Team]) -> list[Team]:
    """Return teams whose names the file spells with other capitals."""
    missing = {line.team.casefold() for line in lines if line.team} - known.keys()
    return [team for team in Team.objects.all() if team.name.casefold() in missing] if missing else []


def _checked(
    line: Line,
    standing: Standing,
    teams: Mapping[str, Team],
    people: Mapping[str, User],
    there: set[tuple[UUID, UUID]],
    seen: dict[tuple[str, str], int],
) -> Line:
    team = teams.get(line.team.casefold()) if line.team else None
    problem = line.problem or _flaw(line) or _forbidden(line, team, standing)
    first = seen.setdefault((line.email, line.team.casefold()), line.number)
    if not problem and first != line.number:
        problem = _("The same person and team as in line %(first)s.") % {"first": first}
    if problem:
        return replace(line, problem=problem)
    known = people.get(line.email)
    if known is not None:
        return _known(line, known, team, there)
    wish = Wish(line.email, line.name, team, ROLES[line.role or "member"])
    note = _("Is invited to %(team)s.") % {"team": team.name} if team else _("Is invited.")
    return replace(line, note=note, wish=wish)


def _flaw(line: Line) -> str:
    """Return what is wrong with a line, whoever sends it."""
    try:
        validate_email(line.email)
    except ValidationError:
        return _("This is no e-mail address.")
    if line.role and line.role not in ROLES:
        return _("The role is %(roles)s or empty.") % {"roles": ", ".join(ROLES)}
    return _("A role is one in a team: name the team.") if line.role and not line.team else ""


def _forbidden(line: Line, team: Team | None, standing: Standing) -> str:
    """Return why this person may not invite like this. A team that is not theirs to know is not there."""
    if not line.team:
        return "" if standing.allows(Power.MANAGE_PEOPLE) else _("Name a team that you administer.")
    if team is None or not standing.allows(Power.INVITE_TO_TEAM, team.pk):
        return _("There is no team %(team)s to which you may invite.") % {"team": line.team}
    if line.role == Membership.Role.ADMIN and not standing.allows(Power.CHANGE_TEAM_ROLES, team.pk):
        return only(Power.CHANGE_TEAM_ROLES)
    return ""


def _known(line: Line, known: User, team: Team | None, there: set[tuple[UUID, UUID]]) -> Line:
    if not known.is_active:
        return replace(line, problem=_("This person has an account that is deactivated."))
    if team is None:
        return replace(line, note=_("Has an account already: nothing to do."))
    if (known.pk, team.pk) in there:
        return replace(line, note=_("Is in %(team)s already: nothing to do.") % {"team": team.name})
    wish = Wish(line.email, line.name, team, ROLES[line.role or "member"])
    return replace(line, note=_("Has an account: is put into %(team)s.") % {"team": team.name}, wish=wish)
