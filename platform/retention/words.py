"""Settings, changes and counts in words: what each is called, and how a value of it is said."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from retention.kinds import kind
from retention.models import Change, HouseRules, TeamRules
from retention.rule import Terms
from retention.terms import HOUSE_SETTINGS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LABELS: Mapping[str, "StrOrPromise"] = {
    "days": gettext_lazy("Chats are kept"),
    "least": gettext_lazy("Nothing goes sooner than after"),
    "most": gettext_lazy("No team keeps chats longer than"),
    "file_days": gettext_lazy("Files are kept"),
    "temporary_hours": gettext_lazy("Temporary chats live for"),
    "export_hours": gettext_lazy("Exports are kept for"),
    "grace_days": gettext_lazy("Between a person's delete and the end"),
    "pinned_exempt": gettext_lazy("Pinned chats"),
    "deleting": gettext_lazy("Who deletes"),
    "delay_hours": gettext_lazy("Before shorter rules hold"),
    "notice_days": gettext_lazy("People hear before their chats go"),
    "backup_days": gettext_lazy("Backups are kept for"),
    "keeps": gettext_lazy("Chats are kept"),
}
HOUSE = HOUSE_SETTINGS
# How nothing is said: a setting that is left empty, or 0 where 0 means something of its own.
NOTHING: Mapping[str, "StrOrPromise"] = {
    "days": gettext_lazy("without an end"),
    "least": gettext_lazy("no time: there is no minimum"),
    "most": gettext_lazy("any time: there is no bound"),
    "file_days": gettext_lazy("as long as their chat"),
    "grace_days": gettext_lazy("no time: with the next sweep"),
    "delay_hours": gettext_lazy("no time: they hold at once"),
    "notice_days": gettext_lazy("not at all"),
}
OF_TEAMS = {
    "file_days": gettext_lazy("as the organisation's"),
    "temporary_hours": gettext_lazy("as the organisation's"),
}
ZERO = {"least", "grace_days", "delay_hours", "notice_days"}
# Nouns with their counts: "n" is the count in digits, "count" decides the form.
UNITS: Mapping[str, Any] = {
    "conversations": ngettext_lazy("%(n)s chat", "%(n)s chats", "count"),
    "messages": ngettext_lazy("%(n)s message", "%(n)s messages", "count"),
    "files": ngettext_lazy("%(n)s file", "%(n)s files", "count"),
    "attachments": ngettext_lazy("%(n)s use of a file", "%(n)s uses of files", "count"),
    "exports": ngettext_lazy("%(n)s export", "%(n)s exports", "count"),
    "shares": ngettext_lazy("%(n)s share", "%(n)s shares", "count"),
    "shared_messages": ngettext_lazy("%(n)s shared message", "%(n)s shared messages", "count"),
    "drafts": ngettext_lazy("%(n)s draft", "%(n)s drafts", "count"),
    "prompts": ngettext_lazy("%(n)s prompt", "%(n)s prompts", "count"),
    "invitations": ngettext_lazy("%(n)s invitation", "%(n)s invitations", "count"),
    "joiners": ngettext_lazy("%(n)s wish to join", "%(n)s wishes to join", "count"),
    "accounts": ngettext_lazy("%(n)s account", "%(n)s accounts", "count"),
}
NOUNS: Mapping[str, Any] = {
    "chat": UNITS["conversations"],
    "day": ngettext_lazy("%(n)s day", "%(n)s days", "count"),
    "hour": ngettext_lazy("%(n)s hour", "%(n)s hours", "count"),
    "copy": ngettext_lazy("%(n)s copy", "%(n)s copies", "count"),
    "kind": ngettext_lazy("%(n)s kind", "%(n)s kinds", "count"),
}


def _with(noun: Any, count: int) -> str:
    return str(noun % {"count": count, "n": number_format(count, force_grouping=True)})


def number(count: int, noun: str) -> str:
    """Return a count with its noun: 1 day, 1,204 chats."""
    return _with(NOUNS[noun], count)


def counted(counts: Mapping[str, int]) -> str:
    """Return counts as one phrase: 2 chats, 6 messages."""
    known = [*UNITS, *(name for name in counts if name not in UNITS)]
    return ", ".join(_with(UNITS.get(name, f"%(n)s {name}"), counts[name]) for name in known if counts.get(name))


def deleted(counts: Mapping[str, Mapping[str, int]]) -> str:
    """Return what a sweep deleted, all kinds together."""
    return ", ".join(filter(None, (counted(found) for found in counts.values())))


def kind_name(name: str) -> str:
    """Return what a kind is called."""
    found = kind(name)
    return str(found.label) if found else name


def said(name: str, value: Any, *, team: bool = False) -> str:
    """Return the value of a setting, of the organisation or of a team."""
    if name == "keeps":
        return str(TeamRules.Keeps(value).label)
    if name == "deleting":
        return str(HouseRules.Deleting(value).label)
    if name == "pinned_exempt":
        return _("outlive their period") if value else _("go as others do")
    if value is None or (name in ZERO and not value):
        return str(OF_TEAMS.get(name, NOTHING.get(name, "")) if team else NOTHING[name])
    return _time(name, value)


def _time(name: str, value: int) -> str:
    length = number(value, "hour" if name.endswith("hours") else "day")
    return _("for %(length)s") % {"length": length} if name in ("days", "file_days") else length


def rows(values: Mapping[str, Any], *, team: bool = False) -> list[tuple[str, str]]:
    """Return (what, how) for each setting. Where a team keeps chats for some days, the days say it."""
    shown = dict(values)
    if team:
        shown.pop("days" if shown.get("keeps") != TeamRules.Keeps.DAYS else "keeps", None)
    return [(str(LABELS[name]), said(name, value, team=team)) for name, value in shown.items()]


def differences(before: Mapping[str, Any], values: Mapping[str, Any], *, team: bool) -> list[tuple[str, str, str]]:
    """Return (what, as it was, as it will be) for each setting that changes."""
    return [(str(LABELS[name]), *_pair(name, before, values, team=team)) for name in _named(values)]


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
    if name == "days" and old and new:
        return _chats(change, number_format(new, force_grouping=True), number(old, "day"))
    was, will = _pair(name, change.before, change.values, team=change.team_id is not None)
    if name in ("days", "keeps"):
        return _chats(change, will, was)
    words = {"what": LABELS[name], "team": change.team, "new": will, "old": was}
    if change.team:
        return _("%(what)s in %(team)s: %(new)s instead of %(old)s") % words
    return _("%(what)s: %(new)s instead of %(old)s") % words


def _chats(change: Change, new: str, old: str) -> str:
    if change.team:
        return _("Chats of %(team)s are kept %(new)s instead of %(old)s") % {
            "team": change.team,
            "new": new,
            "old": old,
        }
    return _("Chats are kept %(new)s instead of %(old)s") % {"new": new, "old": old}


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
        return _("as the organisation sets for everybody")
    if keeps == TeamRules.Keeps.EVER:
        return _("as long as the organisation allows") if house.most else _("as this team sets")
    if terms.days == own.days:
        return _("as this team sets")
    said = {"own": number(own.days or 0, "day"), "bound": number(terms.days or 0, "day")}
    if terms.days == house.least:
        return _("this team sets %(own)s, the organisation at least %(bound)s") % said
    return _("this team sets %(own)s, the organisation at most %(bound)s") % said


def span(began: datetime | None, ended: datetime | None) -> str:
    """Return how long something took."""
    if began is None or ended is None:
        return ""
    seconds = (ended - began).total_seconds()
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def errors(failed: Iterable[Mapping[str, str]]) -> list[str]:
    """Return what went wrong in a sweep, kind by kind, in plain words with the class of the error."""
    known = {
        "OSError": _("a file could not be written or removed"),
        "OperationalError": _("the database did not answer"),
    }
    said = _("%(kind)s: %(why)s (%(error)s). What was deleted before is in the counts; the next sweep goes on.")
    stopped = _("it stopped with an error")
    return [
        said % {"kind": kind_name(one["kind"]), "why": known.get(one["error"], stopped), "error": one["error"]}
        for one in failed
    ]
