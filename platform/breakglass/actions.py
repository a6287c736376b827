"""Each step of a request, as the whole story of one transaction.

While a person must not know yet (`Glass.quiet`), entries name the request alone: who reads the log may be that person.
"""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from accounts.actions import person
from accounts.authority import Refused, Verdict, people_with, require, standing_of
from accounts.models import Organisation, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target
from breakglass.live import post
from breakglass.models import Glass, Look
from breakglass.queries import OVER, WAITING, deciders_of, may_end, open_glass, over_now
from breakglass.scopes import GlassQuerySet


def _targets(glass: Glass) -> list[Target]:
    """Return whom an entry names: the person concerned only once they may know."""
    named = [person(glass.about)] if glass.told_at or not glass.quiet else []
    return [Target("glass", str(glass.pk)), *named]


def ask(about: User, *, by: User, reason: str, reference: str, hours: int) -> Glass:
    """Ask to see one person's content. Raises Refused and Refusal."""
    require(by, Power.ASK_BREAK_GLASS)
    if about.pk == by.pk:
        raise Refusal(_("Your own content is yours already: choose somebody else."))
    sweep(asked_by=by.pk, about=about.pk)
    try:
        with transaction.atomic():
            quiet = Organisation.objects.filter(tell_at_end=True).exists()
            glass = Glass.objects.create(
                asked_by=by, about=about, reason=reason, reference=reference, hours=hours, quiet=quiet
            )
            record(verbs.GLASS_ASKED, targets=_targets(glass), facts={"hours": hours})
    except IntegrityError:
        raise Refusal(_("You have asked about this person already. Use that request, or end it first.")) from None
    return glass


def _locked(glass: Glass) -> GlassQuerySet[Glass]:
    return Glass.objects.within(glass).select_for_update(of=("self",)).select_related("about")


def _lock_to_decide(glass: Glass, by: User) -> Glass:
    """Return a waiting request, locked, that this person may decide. Raises Refused and Refusal."""
    require(by, Power.APPROVE_BREAK_GLASS)
    locked = _locked(glass).filter(WAITING).first()
    if locked is None:
        raise Refusal(_("This request was decided already, or has ended."))
    if by.pk in (locked.asked_by_id, locked.about_id):
        others = ", ".join(map(str, deciders_of(locked))) or _("nobody yet; an owner can make somebody an auditor")
        raise Refused(
            Verdict(
                False,
                _("A second person decides, who is not concerned."),
                _("Who can decide: %(others)s") % {"others": others},
            )
        )
    return locked


@transaction.atomic
def approve(glass: Glass, *, by: User) -> None:
    """Let who asked look from now on, for their hours, and tell the person. Raises Refused and Refusal."""
    locked = _lock_to_decide(glass, by)
    if not people_with(Power.ASK_BREAK_GLASS, [locked.asked_by_id or locked.about_id]).exists():
        raise Refusal(_("Who asked may no longer ask for this."))
    Glass.objects.within(locked).update(
        decision=Glass.Decision.APPROVED,
        decided_by=by,
        decided_at=Now(),
        until=Now() + timedelta(hours=locked.hours),
        told_at=None if locked.quiet else Now(),
    )
    locked.refresh_from_db(fields=["told_at"])
    if not locked.quiet:
        transaction.on_commit(partial(post, locked.about_id))
    when = "at_end" if locked.quiet else "at_once"
    record(verbs.GLASS_APPROVED, targets=_targets(locked), facts={"hours": locked.hours, "told": when})
    if not locked.quiet:
        record(verbs.GLASS_TOLD, targets=_targets(locked), facts={"when": when})


@transaction.atomic
def refuse(glass: Glass, *, by: User) -> None:
    """Decide that nobody looks. Raises Refused and Refusal."""
    locked = _lock_to_decide(glass, by)
    refused = Glass.Decision.REFUSED
    Glass.objects.within(locked).update(decision=refused, decided_by=by, decided_at=Now(), ended_at=Now())
    record(verbs.GLASS_REFUSED, targets=_targets(locked))


@transaction.atomic
def end(glass: Glass, *, by: User) -> None:
    """End a request early. Raises Refused and Refusal."""
    locked = _locked(glass).get()
    standing = standing_of(by)
    if not may_end(locked, by, owner=standing.active and standing.role == User.Role.OWNER):
        raise Refused(Verdict(False, _("Only who asked, who approved, and owners end a request.")))
    if locked.ended_at is not None:
        raise Refusal(_("This request has ended already."))
    _end(locked, Glass.Ending.HAND, by=by)


def sweep(**which: object) -> int:
    """End whatever is over: its time, its asker's authority, or the patience of all. Return how many ended."""
    return sum(_end_if_over(pk) for pk, _ in list(over_now().filter(**which)))


@transaction.atomic
def _end_if_over(pk: int) -> bool:
    rows = Glass.objects.for_housekeeping().select_for_update(skip_locked=True, of=("self",))
    locked = rows.select_related("about").filter(pk=pk).first()
    over = over_now().filter(pk=pk).first() if locked else None
    if locked is None or over is None:
        return False
    _end(locked, Glass.Ending(over[1]), by=None)
    return True


def _end(glass: Glass, ending: Glass.Ending, *, by: User | None) -> None:
    """End a locked request; whoever was looked at hears of it now at the latest."""
    opened = glass.decision == Glass.Decision.APPROVED
    over = ending == Glass.Ending.TIME or (opened and Glass.objects.within(glass).filter(OVER).exists())
    Glass.objects.within(glass).update(
        ending=Glass.Ending.TIME if over else ending,
        ended_by=None if over else by,
        ended_at=F("until") if over else Now(),
        told_at=Coalesce("told_at", Now()) if opened else None,
    )
    first = opened and glass.told_at is None
    glass.refresh_from_db(fields=["told_at", "ending"])
    if opened:
        transaction.on_commit(partial(post, glass.about_id))
    facts = {"how": glass.ending, "chats": glass.looks.count()}
    record(verbs.GLASS_ENDED, targets=_targets(glass), facts=facts)
    if first:
        record(verbs.GLASS_TOLD, targets=_targets(glass), facts={"when": "at_end"})


@transaction.atomic
def look(number: int, *, by: User, chat: UUID | None = None) -> Glass | None:
    """Write down a look at the list, or at one chat, before it is shown. Return nothing where no glass is open."""
    Glass.objects.within(Glass(pk=number)).select_for_update().first()  # it cannot end between this and the entry
    glass = open_glass(by, number)
    if glass is None:
        return None
    chats = [Target("conversation", chat)] if chat else []
    if chat:
        Look.objects.bulk_create([Look(glass=glass, conversation=chat)], ignore_conflicts=True)
    record(verbs.GLASS_VIEWED, targets=[*_targets(glass), *chats], facts={"what": "chat" if chat else "list"})
    return glass


@transaction.atomic
def dismiss(glass: Glass, *, by: User) -> None:
    """The person concerned has seen the notice."""
    mine = Glass.objects.about(by).filter(pk=glass.pk, decision=Glass.Decision.APPROVED)
    if mine.update(dismissed_at=Now()):
        record(verbs.GLASS_NOTICE_DISMISSED, targets=_targets(glass))
