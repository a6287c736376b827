"""Settings, changes and counts in words: what each is called, and how a value of it is said."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from retention.kinds import kind
from retention.models import Change, HouseRules, TeamRules
from retention.rule import Terms
from retention.terms import HOUSE_SETTINGS

LABELS: Mapping[str, str] = {
    "days": "Chats are kept",
    "least": "Nothing goes sooner than after",
    "most": "No team keeps chats longer than",
    "file_days": "Files are kept",
    "temporary_hours": "Temporary chats live for",
    "export_hours": "Exports are kept for",
    "grace_days": "Between a person's delete and the end",
    "pinned_exempt": "Pinned chats",
    "deleting": "Who deletes",
    "delay_hours": "Before shorter rules hold",
    "notice_days": "People hear before their chats go",
    "backup_days": "Backups are kept for",
    "keeps": "Chats are kept",
}
HOUSE = HOUSE_SETTINGS
# How nothing is said: a setting that is left empty, or 0 where 0 means something of its own.
NOTHING: Mapping[str, str] = {
    "days": "without an end",
    "least": "no time: there is no minimum",
    "most": "any time: there is no bound",
    "file_days": "as long as their chat",
    "grace_days": "no time: with the next sweep",
    "delay_hours": "no time: they hold at once",
    "notice_days": "not at all",
}
OF_TEAMS = {"file_days": "as the organisation's", "temporary_hours": "as the organisation's"}
ZERO = {"least", "grace_days", "delay_hours", "notice_days"}
UNITS: Mapping[str, tuple[str, str]] = {
    "conversations": ("chat", "chats"),
    "messages": ("message", "messages"),
    "files": ("file", "files"),
    "attachments": ("use of a file", "uses of files"),
    "exports": ("export", "exports"),
    "shares": ("share", "shares"),
    "shared_messages": ("shared message", "shared messages"),
    "drafts": ("draft", "drafts"),
    "prompts": ("prompt", "prompts"),
    "invitations": ("invitation", "invitations"),
    "joiners": ("wish to join", "wishes to join"),
    "accounts": ("account", "accounts"),
}


def number(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: 1 day, 1,204 chats."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def counted(counts: Mapping[str, int]) -> str:
    """Return counts as one phrase: 2 chats, 6 messages."""
    known = [*UNITS, *(name for name in counts if name not in UNITS)]
    return ", ".join(number(counts[name], *UNITS.get(name, (name, name))) for name in known if counts.get(name))


def deleted(counts: Mapping[str, Mapping[str, int]]) -> str:
    """Return what a sweep deleted, all kinds together."""
    return ", ".join(filter(None, (counted(found) for found in counts.values())))


def kind_name(name: str) -> str:
    """Return what a kind is called."""
    found = kind(name)
    return found.label if found else name


def said(name: str, value: Any, *, team: bool = False) -> str:
    """Return the value of a setting, of the organisation or of a team."""
    if name == "keeps":
        return TeamRules.Keeps(value).label
    if name == "deleting":
        return HouseRules.Deleting(value).label
    if name == "pinned_exempt":
        return "outlive their period" if value else "go as others do"
    if value is None or (name in ZERO and not value):
        return OF_TEAMS.get(name, NOTHING.get(name, "")) if team else NOTHING[name]
    return _time(name, value)


def _time(name: str, value: int) -> str:
    length = number(value, "hour" if name.endswith("hours") else "day")
    return f"for {length}" if name in ("days", "file_days") else length


def rows(values: Mapping[str, Any], *, team: bool = False) -> list[tuple[str, str]]:
    """Return (what, how) for each setting. Where a team keeps chats for some days, the days say it."""
    shown = dict(values)
    if team:
        shown.pop("days" if shown.get("keeps") != TeamRules.Keeps.DAYS else "keeps", None)
    return [(LABELS[name], said(name, value, team=team)) for name, value in shown.items()]


def differences(before: Mapping[str, Any], values: Mapping[str, Any], *, team: bool) -> list[tuple[str, str, str]]:
    """Return (what, as it was, as it will be) for each setting that changes."""
    return [(LABELS[name], *_pair(name, before, values, team=team)) for name in _named(values)]


def _named(values: Mapping[str, Any]) -> list[str]:
    """Return what a change names. A team's period is named once: by who decides, with the days where there are some."""
    return [name for name in values if not (name == "days" and "keeps" in values)]


def _pair(name: str, before: Mapping[str, Any], values: Mapping[str, Any], *, team: bool) -> tuple[str, str]:
    if name == "keeps":
        return _period(before), _period(values)
    return said(name, before[name], team=team), said(name, values[name], team=team)


def sentence(change: Change) -> str:
    """Return what a change says: Chats of Legal are kept 30 instead of 90 days."""
    return "; ".join(_part(change, name) for name in _named(change.values))


def _part(change: Change, name: str) -> str:
    old, new = change.before[name], change.values[name]
    whose = f" of {change.team}" if change.team else ""
    if name == "days" and old and new:
        return f"Chats{whose} are kept {new:,} instead of {number(old, 'day')}"
    was, will = _pair(name, change.before, change.values, team=change.team_id is not None)
    if name in ("days", "keeps"):
        return f"Chats{whose} are kept {will} instead of {was}"
    return f"{LABELS[name]}{f' in {change.team}' if change.team else ''}: {will} instead of {was}"


def _period(values: Mapping[str, Any]) -> str:
    days = values.get("days")
    return said("days", days) if days else said("keeps", values["keeps"])


def kept(terms: Terms) -> str:
    """Return how long chats are kept under some terms."""
    return said("days", terms.days)


def why(house: HouseRules, own: TeamRules | None, terms: Terms) -> str:
    """Return why a team's chats are kept that long: its own word, the organisation's, or a bound."""
    keeps = own.keeps if own else TeamRules.Keeps.HOUSE
    if keeps == TeamRules.Keeps.HOUSE or own is None:
        return "as the organisation sets for everybody"
    if keeps == TeamRules.Keeps.EVER:
        return "as long as the organisation allows" if house.most else "as this team sets"
    if terms.days == own.days:
        return "as this team sets"
    bound = "at least" if terms.days == house.least else "at most"
    return f"this team sets {number(own.days or 0, 'day')}, the organisation {bound} {number(terms.days or 0, 'day')}"


def span(began: datetime | None, ended: datetime | None) -> str:
    """Return how long something took."""
    if began is None or ended is None:
        return ""
    seconds = (ended - began).total_seconds()
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def errors(failed: Iterable[Mapping[str, str]]) -> list[str]:
    """Return what went wrong in a sweep, kind by kind, in plain words with the class of the error."""
    known = {"OSError": "a file could not be written or removed", "OperationalError": "the database did not answer"}
    return [
        f"{kind_name(one['kind'])}: {known.get(one['error'], 'it stopped with an error')} ({one['error']}). "
        "What was deleted before is in the counts; the next sweep goes on."
        for one in failed
    ]
