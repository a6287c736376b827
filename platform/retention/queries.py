"""What the offices' pages of retention read: whether sweeps go well, whose rules are which, and what a run deleted."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import attrgetter, or_
from typing import ClassVar
from uuid import UUID

from django.db.models import (
    BinaryField,
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Length, Lower, Now
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import Standing, teams_allowed
from accounts.lists import Page, page_of
from accounts.models import Team, User
from accounts.roles import Power
from retention import ledger, terms
from retention.models import Change, Chunk, Hold, HouseRules, Leftover, Run, TeamRules, Wish
from retention.rule import Terms
from retention.terms import terms_of
from retention.words import counted, deleted, kept, number, said, span

WELL_WITHIN = timedelta(minutes=10)  # two of the sweep's intervals
SILENT = timedelta(seconds=20)  # from then on housekeeping is said to be away
FIRST = gettext_lazy("The first sweep is still to come: housekeeping begins one every five minutes.")
NONE_YET = gettext_lazy("No sweep has ended well yet. Is housekeeping running? It begins one every five minutes.")
PAUSED = gettext_lazy(
    "Sweeps pause, since the database was restored from a backup: its holds and rules may be too "
    "old. Look at both, then let sweeps go on."
)
LOST = gettext_lazy(
    "The file of tombstones is gone or was cut. A backup that is restored now would bring back what was deleted."
)
PAGE = 30
DIGEST = 32  # bytes
OVER = (Run.State.DONE, Run.State.FAILED, Run.State.BROKEN)
PAUSE = Exists(HouseRules.objects.filter(paused_at__isnull=False))
LAST_CHUNK = Subquery(Chunk.objects.order_by("-number").values("number")[:1])
OWN = ~Q(keeps=TeamRules.Keeps.HOUSE) | Q(file_days__isnull=False) | Q(temporary_hours__isnull=False)


@dataclass(frozen=True, slots=True)
class Healthy:
    """Sweeps go well; the sentence says since when and what the last one did."""

    sentence: str
    last: Run | None = None
    well: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Unwell:
    """What should be gone may still be there; the sentence says why."""

    sentence: str
    last: Run | None = None
    paused: bool = False
    well: ClassVar[bool] = False


def latest_of_each() -> QuerySet[Run]:
    """Return the sweep that ended last in each state: one query, one row of the index each, however many there were."""
    ended = Run.objects.filter(ended_at__isnull=False).order_by("-ended_at")
    each = (Q(pk=Subquery(ended.filter(state=state).values("pk")[:1])) for state in OVER)
    return Run.objects.filter(reduce(or_, each)).order_by()


def health() -> Healthy | Unwell:
    """Return whether what is due goes: by the last sweeps, by copies that are left, and by the database's clock."""
    told = latest_of_each().annotate(late=_is_late(), left=_copies_left(), paused=PAUSE, known=LAST_CHUNK)
    latest = {run.state: run for run in told}
    last = max(latest.values(), key=attrgetter("ended_at"), default=None)
    if last.paused if last else terms.house().paused_at:
        return Unwell(str(PAUSED), last, paused=True)
    if last is not None and (last.known or 0) > ledger.reached():
        return Unwell(str(LOST), last)
    if last is not None and last.state == Run.State.FAILED:
        return Unwell(_("The last sweep failed. %(last)s") % {"last": _failed(last)}, last)
    if last is not None and last.left:
        copies = number(last.left, "copy")
        return Unwell(
            _("%(copies)s outside of the database could not be removed yet. The next sweep tries again.")
            % {"copies": copies},
            last,
        )
    good = latest.get(Run.State.DONE)
    if good is None:
        return Healthy(str(FIRST)) if last is None and _is_young() else Unwell(str(NONE_YET), last)
    if good.late:
        return Unwell(
            _("No sweep has ended well for more than ten minutes. %(under_way)s") % {"under_way": _under_way()}, good
        )
    return Healthy(_("What is due has gone."), good)


def _is_young() -> bool:
    """Whether the house was set up just now: its first sweep is still to come."""
    return not User.objects.filter(created_at__lt=Now() - WELL_WITHIN).exists()


def _is_late() -> Case:
    return Case(When(ended_at__lt=Now() - WELL_WITHIN, then=Value(1)), default=Value(0), output_field=IntegerField())


def _copies_left() -> Coalesce:
    """Return how many copies outside of the database are to be removed, as part of another query."""
    counted_once = Leftover.objects.order_by().values(all=Value(1)).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted_once), 0)


def _failed(run: Run) -> str:
    if run.errors:
        return _("%(errors)s could not be purged whole; look at the run.") % {"errors": number(len(run.errors), "kind")}
    return _("Copies outside of the database could not be removed.")


def _under_way() -> str:
    run = Run.objects.filter(state=Run.State.RUNNING).order_by("number").last()
    if run is None:
        return _("Is housekeeping running?")
    counts = {
        "sweep": run.pk,
        "gone": number_format(gone(run), force_grouping=True),
        "expected": number_format(run.expected, force_grouping=True),
    }
    return _("Sweep %(sweep)s is under way: %(gone)s of about %(expected)s are gone.") % counts


def gone(run: Run) -> int:
    """Return how many things a run has deleted so far."""
    return (run.chunks.aggregate(bytes=Sum(Length("digests")))["bytes"] or 0) // DIGEST


def is_silent(run: Run) -> bool:
    """Whether housekeeping has not begun a run that was asked for a while ago."""
    return Run.objects.filter(pk=run.pk, state=Run.State.ASKED, asked_at__lt=Now() - SILENT).exists()


def runs(*, every: bool, before: int | None = None) -> list[Run]:
    """Return a page of runs and one more, the newest first: those that say something, or every one."""
    found = Run.objects.select_related("asked_by").order_by("-number").defer("key")
    if not every:
        found = found.exclude(counts={}, state=Run.State.DONE, asked_by=None)
    return list((found.filter(pk__lt=before) if before is not None else found)[: PAGE + 1])


def listed(run: Run) -> tuple[Run, str, str]:
    """Return a run as a line of a list: what it deleted, and how long it took."""
    return run, deleted(run.counts), span(run.started_at, run.ended_at)


def by_team(run: Run) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for each kind of a run (team, counts in words), the team with the most first."""
    kinds: dict[str, dict[str, Counter[str]]] = {}
    for kind, counts in run.chunks.order_by("number").values_list("kind", "counts").iterator():
        for team, found in counts.items():
            kinds.setdefault(kind, {}).setdefault(team, Counter()).update(found)
    names = team_names(team for teams in kinds.values() for team in teams)
    return [(kind, [(names[team], counted(found)) for team, found in _largest(teams)]) for kind, teams in kinds.items()]


def _largest(teams: dict[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    return sorted(teams.items(), key=lambda item: -item[1].total())


def team_names(ids: Iterable[str]) -> dict[str, str]:
    """Return what teams are called by their ids; "" is no team."""
    wanted = {pk for pk in ids if pk}
    known = {str(pk): name for pk, name in Team.objects.filter(pk__in=wanted).values_list("pk", "name")}
    return {pk: known.get(pk, _("a team that is gone (%(id)s…)") % {"id": pk[:4]}) for pk in wanted} | {
        "": _("no team")
    }


def was_deleted(run: Run, pk: UUID) -> bool:
    """Whether a run deleted the thing of this id: by its HMAC under the run's key, among those of its chunks."""
    digest = hmac.digest(bytes(run.key), str(pk).encode(), hashlib.sha256)
    wanted = Value(digest, output_field=BinaryField())
    place = Func(wanted, F("digests"), function="POSITION", arg_joiner=" IN ", output_field=IntegerField())
    found = run.chunks.annotate(place=place).filter(place__gt=0).values_list("place", flat=True)
    return any((first - 1) % DIGEST == 0 for first in found)


@dataclass(frozen=True, slots=True)
class Deletion:
    """What one run deleted in one team."""

    run: int
    at: datetime
    counts: str


def deletions_in(team: Team) -> list[Deletion]:
    """Return what the last runs deleted in a team, the newest first."""
    key = str(team.pk)
    chunks = Chunk.objects.filter(counts__has_key=key, run__isnull=False).order_by("-number")
    found: dict[int, tuple[datetime, Counter[str]]] = {}
    for run, at, counts in chunks.values_list("run", "at", "counts")[:200]:
        found.setdefault(run, (at, Counter()))[1].update(counts[key])
    return [Deletion(run, at, counted(counts)) for run, (at, counts) in list(found.items())[:10]]


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in the table of rules: what holds there, and whether it has said something of its own."""

    team: Team
    terms: Terms
    own: TeamRules | None

    @property
    def chats(self) -> str:
        return kept(self.terms)

    @property
    def files(self) -> str:
        return said("file_days", self.terms.file_days)

    @property
    def temporary(self) -> str:
        return said("temporary_hours", self.terms.temporary_hours)


def teams_for(standing: Standing) -> QuerySet[Team]:
    """Return the teams whose rules this person may see."""
    if standing.allows(Power.SEE_RETENTION):
        return Team.objects.all()
    return teams_allowed(standing, Power.SET_TEAM_RETENTION)


def with_rules(teams: QuerySet[Team]) -> QuerySet[Team]:
    """Return teams with their rules, and whether they have `own` ones."""
    mine = Exists(TeamRules.objects.filter(OWN, team=OuterRef("pk")))
    return teams.select_related("rules").annotate(own=mine)


def page_of_teams(teams: QuerySet[Team], *, after: UUID | None) -> Page[Team]:
    """Return a page of teams, those with rules of their own first."""
    first = Case(When(own=True, then=Value("0")), default=Value("1"))
    return page_of(with_rules(teams), Concat(first, Lower("name")), after=after)


def row_of(team: Team, house: HouseRules) -> TeamRow:
    """Return a team that was read `with_rules`, as it stands in the table."""
    rules = getattr(team, "rules", None)
    return TeamRow(team, terms_of(house, rules), rules if getattr(team, "own", False) else None)


def changes_for(standing: Standing) -> QuerySet[Change]:
    """Return the changes that this person may see."""
    found = Change.objects.select_related("team", "asked_by")
    if standing.allows(Power.SEE_RETENTION) or standing.allows(Power.SET_RETENTION):
        return found
    return found.filter(team__in=teams_allowed(standing, Power.SET_TEAM_RETENTION))


def holds() -> QuerySet[Hold]:
    """Return every hold with its people, the newest first."""
    return Hold.objects.select_related("person", "team", "placed_by", "released_by").order_by("-number")


def released(*, before: int | None) -> list[Hold]:
    """Return a page of released holds and one more, the newest first."""
    found = holds().filter(released_at__isnull=False)
    return list((found.filter(pk__lt=before) if before is not None else found)[: PAGE + 1])


def wishes_for(standing: Standing, team: Team | None = None) -> list[Wish]:
    """Return the first wishes that this person decides, what goes first first, and one more where there are more."""
    teams = teams_allowed(standing, Power.SET_TEAM_RETENTION)
    found = Wish.objects.filter(answer="", team__in=teams.filter(pk=team.pk) if team else teams)
    return list(found.select_related("person", "team").order_by("goes_at")[: PAGE + 1])
