"""What somebody has written into the search box, understood: words, what must not be there, and filters."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

LONGEST = 500  # characters
MOST = 24  # words and filters
FEWEST = 3  # letters of a word that is still open at its end: fewer would begin half of the dictionary
FILTERS = ("in", "model", "team", "before", "after", "pinned", "is")
OPPOSITE = {"before": "after", "after": "before"}
STATES = ("pinned", "archived", "temporary")
PART = re.compile(
    rf"""(?P<without>-(?=\S))?
        (?: (?P<name>{"|".join(FILTERS)}):(?:"(?P<quoted>[^"]*)"?|(?P<value>\S*))
          | "(?P<phrase>[^"]*)"?
          | (?P<word>[^\s"]+) )""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand behind one another; the last of them may go on where it is `open`."""

    text: str
    without: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One `name:value`. `rest` is what was written without it."""

    name: str
    value: str
    without: bool = False
    rest: str = ""

    @property
    def said(self) -> str:
        """The filter as it is written."""
        value = f'"{self.value}"' if " " in self.value else self.value
        return f"{'-' * self.without}{self.name}:{value}"


@dataclass(frozen=True, slots=True)
class Asked:
    """All of `groups` that match in one: words of a group belong together, groups stand beside each other (`or`)."""

    text: str = ""
    groups: tuple[tuple[Term, ...], ...] = ()
    filters: tuple[Filter, ...] = ()
    problems: tuple[str, ...] = field(default=())

    @property
    def terms(self) -> list[Term]:
        """What is to be found, for marking it."""
        return [term for group in self.groups for term in group if not term.without]


def understood(text: str) -> Asked:
    """Read what was written, as other search boxes do: quotes, a minus, `or`, filters."""
    text = text.replace("\x00", " ").strip()[:LONGEST]
    groups: list[list[Term]] = [[]]
    filters: list[Filter] = []
    parts = list(PART.finditer(text))[:MOST]
    for part in parts:
        if part["name"]:
            filters.append(_filter(part, text))
        elif (part["word"] or "").lower() == "or":
            groups.append([])
        else:
            groups[-1].append(_term(part, is_last=part is parts[-1]))
    kept, problems = _checked(filters)
    return Asked(text, tuple(tuple(group) for group in groups if group), kept, problems)


def _term(part: re.Match[str], *, is_last: bool) -> Term:
    word = part["phrase"] if part["word"] is None else part["word"]
    still_open = is_last and part["word"] is not None and len(word) >= FEWEST
    return Term(word, without=bool(part["without"]), open=still_open)


def _filter(part: re.Match[str], text: str) -> Filter:
    value = part["value"] if part["quoted"] is None else part["quoted"]
    name, without = part["name"].lower(), bool(part["without"])
    if without and name in OPPOSITE:
        name, without = OPPOSITE[name], False
    rest = " ".join((text[: part.start()] + text[part.end() :]).split())
    return Filter(name, value.strip(), without=without, rest=rest)


def day(value: str) -> date | None:
    """Return the day that a filter names, or None."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _checked(filters: list[Filter]) -> tuple[tuple[Filter, ...], tuple[str, ...]]:
    """Leave out what says nothing yet, and say what cannot be understood."""
    kept, problems = [], []
    for one in filters:
        if not one.value:
            continue
        if problem := _problem(one):
            problems.append(problem)
        else:
            kept.append(one)
    return tuple(kept), tuple(problems)


def _problem(one: Filter) -> str:
    if one.name in ("before", "after") and day(one.value) is None:
        return _("%(filter)s: write a day as 2026-03-31.") % {"filter": one.said}
    if one.name == "pinned" and one.value.lower() not in ("yes", "no"):
        return _("%(filter)s: write pinned:yes or pinned:no.") % {"filter": one.said}
    if one.name == "is" and one.value.lower() not in STATES:
        return _("%(filter)s: write is:pinned, is:archived or is:temporary.") % {"filter": one.said}
    return ""
