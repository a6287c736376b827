"""The sweep: kind by kind, chunk by chunk, each a transaction of its own that can be broken off at any point.

A chunk deletes rows, names the copies outside of the database, and writes its tombstone before it commits. What dies in
between is put right by the next sweep: a chunk that was meant is closed, copies that are left are removed.
"""

import hashlib
import hmac
import logging
import secrets
from collections import Counter, deque
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext as _

from accounts.authority import require
from accounts.models import User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.turns import alone
from audit import verbs
from audit.actions import record
from audit.entry import Result, Target
from retention import changing, exporting, ledger, order
from retention.kinds import Kind, Purged, kinds
from retention.models import Chunk, HouseRules, Leftover, Run, Wish
from retention.terms import house, in_force

log = logging.getLogger(__name__)
LOCK = 0x48454152  # an advisory lock: one sweep at a time
State = Run.State


@transaction.atomic
def ask(*, by: User) -> Run:
    """Ask for a sweep now. One that waits or is under way is the answer to both. Raises Refused."""
    require(by, Power.SET_RETENTION)
    order.deciding()
    under_way = Run.objects.filter(state__in=(State.ASKED, State.RUNNING)).order_by("number").last()
    if under_way:
        return under_way
    run = Run.objects.create(state=State.ASKED, asked_by=by, key=secrets.token_bytes(32))
    record(verbs.SWEEP_ASKED, targets=[Target("run", str(run.pk))])
    return run


@transaction.atomic
def resume(*, by: User) -> None:
    """Let sweeps go on after a restore: somebody has looked at holds and rules. Raises Refused and Refusal."""
    require(by, Power.SET_RETENTION)
    order.deciding()
    if not HouseRules.objects.filter(pk=1, paused_at__isnull=False).update(paused_at=None):
        raise Refusal(_("Sweeps are not paused."))
    record(verbs.SWEEPS_RESUMED)


def sweep() -> Run | None:
    """Purge everything that is due. Return the run, or None where another is under way or the database is behind."""
    with alone(LOCK) as mine:
        if not mine or is_ahead() or house().paused_at:
            return None  # what a restored database brought back is deleted again and looked at first, by hand
        settle()
        changing.settle()
        run = _begin()
        for kind in kinds():
            try:
                while chunk(kind, run):
                    pass
            except Exception as error:  # one kind that fails keeps no other from going
                log.error("a sweep failed", extra={"kind": kind.name, "error": type(error).__name__})
                run.errors.append({"kind": kind.name, "error": type(error).__name__})
        _end(run)
    return run


def _begin() -> Run:
    rules = in_force()
    run = Run.objects.filter(state=State.ASKED).order_by("number").first() or Run(key=secrets.token_bytes(32))
    run.state = State.RUNNING
    run.expected = sum(kind.expected(rules) for kind in kinds())
    run.save()
    Run.objects.filter(pk=run.pk).update(started_at=Now())
    return run


def chunk(kind: Kind, run: Run | None) -> bool:
    """Purge one chunk of a kind: whole, or not at all. Return whether there was anything."""
    number, purged = bury(kind, run)
    if purged:
        _afterwards(number, purged)
    return bool(purged)


@transaction.atomic
def bury(kind: Kind, run: Run | None) -> tuple[int, Purged]:
    """Delete what is due in one transaction, with tombstone and receipt. Return the chunk's number, and what went."""
    order.purging()
    purged = kind.purge(in_force())
    return (_write_down(kind, purged, run) if purged else 0), purged


def _write_down(kind: Kind, purged: Purged, run: Run | None) -> int:
    """In the transaction of a purge: write its tombstone and its receipt. Return the chunk's number."""
    known = Chunk.objects.aggregate(last=Max("number"))["last"] or 0
    number = ledger.mean(kind.name, purged.ids, known=known)
    key = bytes(run.key) if run else b""
    digests = b"".join(hmac.digest(key, pk.encode(), hashlib.sha256) for pk in purged.ids) if run else b""
    _take_along(purged)
    counts = {team: dict(counter) for team, counter in purged.counts.items()}
    Chunk.objects.create(number=number, run=run, kind=kind.name, counts=counts, digests=digests)
    return number


def _take_along(purged: Purged) -> None:
    """In the transaction of a purge: copies outside of the database, exports and wishes go with what goes."""
    Leftover.objects.bulk_create([Leftover(what=what, name=name) for what, name in purged.leftovers])
    if purged.chats and Wish.objects.exists():
        Wish.objects.filter(conversation__in=purged.ids).delete()
    if purged.chats:
        exporting.drop_with(purged.chats)


def _afterwards(number: int, purged: Purged) -> None:
    """Behind the commit: close the tombstone, remove the copies, tell open pages."""
    ledger.close(number, committed=True)
    if purged.leftovers:
        clear_leftovers()
    if purged.tell:
        purged.tell()


def clear_leftovers() -> int:
    """Remove copies whose rows are gone. Return how many. One that cannot be removed stays for the next sweep."""
    waiting: dict[str, dict[str, int]] = {}
    for pk, what, name in Leftover.objects.order_by("pk").values_list("pk", "what", "name")[:10_000]:
        waiting.setdefault(what, {})[name] = pk
    gone = [pk for what, names in waiting.items() if _removed(what, list(names)) for pk in names.values()]
    if gone:
        Leftover.objects.filter(pk__in=gone).delete()
    return len(gone)


def _removed(what: str, names: list[str]) -> bool:
    """Remove copies of one sort; where one cannot be removed, all wait for the next sweep."""
    try:
        return any(kind.remove(what, names) for kind in kinds())
    except Exception as error:
        log.warning("a copy could not be removed", extra={"what": what, "error": type(error).__name__})
        return False


def settle() -> None:
    """Put right what a process that died has left: its chunk, its copies, its run. Only who sweeps may."""
    for number in ledger.open_chunks():
        ledger.close(number, committed=Chunk.objects.filter(pk=number).exists())
    clear_leftovers()
    for run in Run.objects.filter(state=State.RUNNING).order_by("number"):
        _end(run, State.BROKEN)


@transaction.atomic
def _end(run: Run, state: State | None = None) -> None:
    """Add up what a run has deleted, and write it to the log: chunks that were committed, nothing else."""
    totals: dict[str, Counter[str]] = {}
    manifest = hashlib.sha256()
    for one in run.chunks.order_by("number"):
        manifest.update(bytes(one.digests))
        for counts in one.counts.values():
            totals.setdefault(one.kind, Counter()).update(counts)
    run.counts = {name: dict(counter) for name, counter in totals.items()}
    run.manifest = manifest.hexdigest() if totals else ""
    run.state = state or (State.FAILED if run.errors or _stuck() else State.DONE)
    run.save(update_fields=["counts", "manifest", "state", "errors"])
    gone = TruncDate(Now() + timedelta(days=house().backup_days)) if totals else None
    Run.objects.filter(pk=run.pk).update(ended_at=Now(), backups_until=gone)
    if totals or run.state != State.DONE or run.asked_by_id:
        whole = sum(totals.values(), Counter())
        facts = {"state": run.state, "manifest": run.manifest, "errors": len(run.errors), **whole}
        verb, result = (verbs.SWEPT, Result.DONE) if run.state == State.DONE else (verbs.SWEEP_FAILED, Result.REFUSED)
        record(verb, targets=[Target("run", str(run.pk))], facts=facts, result=result)


def _stuck() -> bool:
    """Whether copies outside of the database could not be removed: what is deleted is not gone then."""
    return Leftover.objects.exists()


def restored() -> int:
    """Return how many chunks behind the ledger the database is: it was restored from an older backup. Else 0."""
    reached = ledger.reached()
    return max(0, reached - (Chunk.objects.aggregate(last=Max("number"))["last"] or 0)) if reached else 0


def is_ahead() -> bool:
    """Whether the ledger knows of purges that the database does not: nobody may be served until they are replayed."""
    return restored() > 0


def replay() -> Counter[str]:
    """Delete again what the ledger says was deleted, wherever a restored database has it. Holds that it has win.

    Every tombstone is read, whatever the database says it knows: ids that are not there cost a look. Sweeps pause then,
    where the database was behind: holds and rules may be older than what they decide. Return counts; `held` stays by a
    hold, and while something else is `left` nobody is served.
    """
    done: Counter[str] = Counter()
    by_name = {kind.name: kind for kind in kinds()}
    for line in ledger.tombstones():
        if kind := by_name.get(line.kind):
            done.update(_replay(kind, line))
    with transaction.atomic():
        if not done["left"]:
            _catch_up()
        record(verbs.DELETIONS_REPLAYED, facts=dict(done))
    return done


def _replay(kind: Kind, line: ledger.Line) -> Counter[str]:
    counts: Counter[str] = Counter()
    for start in range(0, len(line.ids), 100):
        with transaction.atomic():
            order.purging()
            ids = line.ids[start : start + 100]
            purged = kind.again(ids)
            _take_along(purged)
            held, back = kind.kept(ids), kind.back(ids)
        clear_leftovers()
        counts.update(sum(purged.counts.values(), Counter()))
        counts.update(held=held, left=back - held)
    return +counts


def _catch_up() -> None:
    """The database has seen the whole ledger: its next chunk is numbered behind it."""
    reached = ledger.reached()
    if restored():
        HouseRules.objects.update_or_create(pk=1, defaults={"paused_at": Now()})
    if reached:
        Chunk.objects.get_or_create(number=reached, defaults={"kind": "replay", "counts": {}, "digests": b""})


def forget_old_runs() -> int:
    """Receipts are kept as long as the audit log's entries; the last chunk stays, since it says where the ledger is."""
    old = Run.objects.filter(ended_at__lt=Now() - timedelta(days=settings.AUDIT_DAYS))
    last = Chunk.objects.aggregate(last=Max("number"))["last"]
    return old.exclude(chunks__number=last).delete()[0]


def tidy() -> int:
    """Remove what crashes have left outside of the database, and check the chain of tombstones. Return how many."""
    gone = sum(kind.tidy() for kind in kinds())
    deque(ledger.tombstones(), maxlen=0)
    return gone
