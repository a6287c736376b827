"""Checks in words: what each is, how it is, and what helps."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from health.checks import Found
from models_admin.models import shown_size

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LABELS: Mapping[str, "StrOrPromise"] = {
    "database": gettext_lazy("Database"),
    "redis": gettext_lazy("Redis"),
    "beat": gettext_lazy("Clock"),
    "housekeeping": gettext_lazy("Housekeeping"),
    "hosts": gettext_lazy("Hosts of models"),
    "sweeps": gettext_lazy("Deletion of what is due"),
    "anchors": gettext_lazy("Anchors of the audit log"),
    "deletions": gettext_lazy("Deletions after a restore"),
    "disk": gettext_lazy("Disk space"),
}
WELL: Mapping[str, "StrOrPromise"] = {
    "database": pgettext_lazy("database", "It answers."),
    "redis": gettext_lazy("It answers and takes what is written."),
    "sweeps": gettext_lazy("What is due has gone."),
    "anchors": gettext_lazy("All that was written is anchored, or will be within minutes."),
    "deletions": gettext_lazy("The database knows of every deletion."),
}
ADVICE: Mapping[str, "StrOrPromise"] = {
    "database": gettext_lazy("Look at log/postgres.log, at its disk and its memory; restart it."),
    "redis": gettext_lazy("Look at log/valkey.log, at its disk and its memory; restart it. No answer is lost."),
    "beat": gettext_lazy("Look at log/beat.log and restart beat: without it nothing is done by itself."),
    "housekeeping": gettext_lazy(
        "Look at log/housekeeping.log and restart it. Where the clock is red as well, begin there: it sends the pulses."
    ),
    "hosts": gettext_lazy(
        "Look at log/host.log on that machine and restart it. One that is gone for good is forgotten after a day."
    ),
    "sweeps": gettext_lazy("The page of sweeps says why."),
    "anchors": gettext_lazy(
        "Look at log/housekeeping.log, which makes them, and whether their folder is there and has room."
    ),
    "deletions": gettext_lazy("Nobody is served until an operator runs manage.py replay_deletions."),
    "disk": gettext_lazy("Make room, or move what lies there to a larger disk."),
}
FOLDERS: Mapping[str, "StrOrPromise"] = {
    "data": gettext_lazy("data"),
    "files": gettext_lazy("files"),
    "models": gettext_lazy("models"),
    "anchors": gettext_lazy("anchors"),
    "tombstones": gettext_lazy("tombstones"),
    "exports": gettext_lazy("exports"),
    "imports": gettext_lazy("imports"),
}


def ago(seconds: float) -> str:
    """Return a time in its largest unit: 45 seconds, 3 minutes, 2 hours."""
    whole = round(seconds)
    if whole < 90:
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": whole}
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(seconds / 3600)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


def said(found: Found) -> str:
    """Return how a check is, as a sentence."""
    if away := found.facts.get("away"):
        return _("It does not answer.") if away == found.name else _away(str(away))
    return SAID[found.name](found)


def _away(source: str) -> str:
    return _("Nobody knows: %(what)s does not answer.") % {"what": LABELS[source]}


def advice(found: Found) -> str:
    """Return what helps; nothing where nothing is wrong."""
    if found.facts.get("behind"):
        return _("Have the log verified, and keep the file of anchors: it is the evidence.")
    return "" if found.ok else str(ADVICE[str(found.facts.get("away") or found.name)])


def _well_or(red: "StrOrPromise") -> Callable[[Found], str]:
    return lambda found: str(WELL[found.name] if found.ok else red)


def _pulse(found: Found) -> str:
    seconds = found.facts.get("seconds")
    if seconds is None:
        return _("No pulse has come since Redis began, or within a day.")
    if found.ok:
        return _("The last pulse came %(ago)s ago.") % {"ago": ago(seconds)}
    return _("No pulse for %(ago)s.") % {"ago": ago(seconds)}


def _hosts(found: Found) -> str:
    if not found.facts["count"]:
        return _("No machine hosts models.")
    silent = [
        _("%(host)s for %(ago)s") % {"host": name, "ago": ago(age)} for name, age in found.facts["silent"].items()
    ]
    if silent:
        return _("No pulse from %(hosts)s.") % {"hosts": ", ".join(silent)}
    count = found.facts["count"]
    return ngettext("%(n)s machine gives pulses.", "%(n)s machines give pulses.", count) % {"n": count}


def _anchors(found: Found) -> str:
    if found.facts.get("unreadable"):
        return _("The file of anchors cannot be read.")
    if found.facts.get("behind"):
        return _("The log ends before its last anchor: the database is older than it was, or somebody cut the log.")
    if found.ok:
        return str(WELL["anchors"])
    return _("Nothing was anchored for %(ago)s.") % {"ago": ago(found.facts["seconds"])}


def _disk(found: Found) -> str:
    if found.ok:
        return _("At least %(size)s are free everywhere.") % {"size": shown_size(found.facts["least"])}
    full = [f"{FOLDERS[name]} ({shown_size(left)})" for name, left in found.facts["full"].items()]
    return _("Hardly any room is left for: %(folders)s.") % {"folders": ", ".join(full)}


SAID: Mapping[str, Callable[[Found], str]] = {
    "database": _well_or(gettext_lazy("It does not answer.")),
    "redis": _well_or(gettext_lazy("It does not answer.")),
    "beat": _pulse,
    "housekeeping": _pulse,
    "hosts": _hosts,
    "sweeps": _well_or(gettext_lazy("What is due does not go.")),
    "anchors": _anchors,
    "deletions": _well_or(
        gettext_lazy("The database was restored from a backup and has again what was deleted since.")
    ),
    "disk": _disk,
}
