"""What is done with shares, each as the whole story of one transaction. Authority is read anew at each act."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.authority import standing_of
from accounts.models import Membership, User
from accounts.refusal import Refusal
from audit import verbs
from audit.actions import record
from audit.entry import Target
from chat.copying import copied
from chat.models import Conversation, Generation
from sharing import snapshot
from sharing.models import Share, SharedMessage, ShareWith
from sharing.queries import colleagues_of, teams_of, teams_to_copy_into

MOST_READERS = 50


@transaction.atomic
def share(
    conversation: Conversation,
    *,
    people: Collection[UUID],
    teams: Collection[UUID],
    days: int | None,
    head: UUID | None,
    by: User,
) -> Share:
    """Freeze the branch that is shown, and let people and teams read it; `head` is the last message that was previewed.

    `days` is None for as long as the chat is kept. Raises Refusal, and Conversation.DoesNotExist where it is gone.
    """
    rows = Conversation.objects.of(by).select_for_update(of=("self",)).select_related("team")
    chat = rows.get(pk=conversation.pk)
    _refuse_who_only_reads(chat, by)
    _refuse_what_cannot_be_shared(chat)
    if head != chat.head_id:
        raise Refusal(_("The chat has changed since you looked. See what is shared now, and share it then."))
    readers = _readers(set(people), set(teams), by)
    made = Share.objects.create(conversation=chat, owner=by, title=chat.title, expires_at=_end(days))
    said = SharedMessage.objects.bulk_create(snapshot.frozen(chat, made))
    for reader in readers:
        reader.share = made
    ShareWith.objects.bulk_create(readers)
    facts = {"messages": len(said), "days": days}
    record(verbs.SHARED, targets=[*_targets(made), *_named(readers)], facts=facts)
    return made


def _end(days: int | None) -> Any:
    return None if days is None else Now() + timedelta(days=days)


def _targets(share: Share) -> list[Target]:
    return [Target("share", share.pk), Target("conversation", share.conversation_id)]


def _named(readers: Sequence[ShareWith]) -> list[Target]:
    people = [Target("person", reader.person_id) for reader in readers if reader.person_id]
    return people + [Target("team", reader.team_id) for reader in readers if reader.team_id]


def why_not(conversation: Conversation, person: User) -> str:
    """Return why a person cannot share their chat now, or nothing where they can."""
    try:
        _refuse_who_only_reads(conversation, person)
        _refuse_what_cannot_be_shared(conversation)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _refuse_who_only_reads(chat: Conversation, person: User) -> None:
    if standing_of(person).teams.get(chat.team_id) not in Membership.ASKS:
        raise Refusal(
            _(
                "You are a guest of the team %(team)s: you can read what is shared with you, but not share. "
                "An administrator of the team can make you a member."
            )
            % {"team": chat.team.name}
        )


def _refuse_what_cannot_be_shared(chat: Conversation) -> None:
    """Raises Refusal for a chat that goes by itself soon, is empty, or is being answered."""
    if chat.temporary_until is not None:
        raise Refusal(_("A temporary chat is not shared: it goes at its end, and nobody else reads it before."))
    if chat.head_id is None:
        raise Refusal(_("There is nothing in this chat to share yet."))
    if Generation.objects.within(chat).filter(state__in=Generation.LIVE).exists():
        raise Refusal(_("An answer is still being written in this chat. Stop it, or wait for its end."))


def _readers(people: set[UUID], teams: set[UUID], by: User) -> list[ShareWith]:
    """Return the readers that were picked, in order. Raises Refusal where there are none, too many, or others."""
    if not people | teams:
        raise Refusal(_("Pick at least one person or one of your teams."))
    if len(people) + len(teams) > MOST_READERS:
        raise Refusal(_("Pick at most %(most)s people and teams.") % {"most": MOST_READERS})
    known = set(colleagues_of(by).filter(pk__in=people).values_list("pk", flat=True))
    own = set(teams_of(by).filter(pk__in=teams).values_list("pk", flat=True))
    if known != people or own != teams:
        raise Refusal(_("Somebody you picked is no longer here, or you left a team. Pick again."))
    return [ShareWith(person_id=pk) for pk in sorted(known)] + [ShareWith(team_id=pk) for pk in sorted(own)]


@transaction.atomic
def revoke(share: Share) -> None:
    """Take a share back: from now on nobody reads it. Taken back twice is once."""
    if Share.objects.within(share).filter(revoked_at=None).update(revoked_at=Now()):
        record(verbs.SHARE_REVOKED, targets=_targets(share))


@transaction.atomic
def end_in(share: Share, *, days: int | None) -> None:
    """Let a share end so many days from now, or with its chat. Raises Refusal for one that was taken back meanwhile."""
    if not Share.objects.of(share.owner).filter(pk=share.pk).exists():
        raise Refusal(_("This share has ended meanwhile. Share the chat again."))
    Share.objects.within(share).update(expires_at=_end(days))
    record(verbs.SHARE_END_CHANGED, targets=_targets(share), facts={"days": days})


@transaction.atomic
def drop(share: Share, reader: ShareWith) -> None:
    """Let one reader read no longer; without any the share is taken back."""
    if not ShareWith.objects.within(reader).delete()[0]:
        return
    if not ShareWith.objects.within(share).exists():
        Share.objects.within(share).filter(revoked_at=None).update(revoked_at=Now())
    record(verbs.SHARE_REVOKED, targets=[*_targets(share), *_named([reader])])


@transaction.atomic
def copy(share: Share, *, by: User, team: UUID | None) -> Conversation:
    """Make a chat of the reader's own of a share, without its files: it stays when the share ends. Raises Refusal.

    Raises Share.DoesNotExist where it has ended meanwhile.
    """
    held = Share.objects.to(by).select_for_update(of=("self",)).select_related("conversation").get(pk=share.pk)
    places = {one.pk: one for one in teams_to_copy_into(by)}
    if not places:
        raise Refusal(_("You are a guest: you can read, but not ask. A team administrator can make you a member."))
    place = places.get(team) if team else next(iter(places.values()))
    if place is None:
        raise Refusal(_("You cannot ask in this team. Choose another one."))
    chat = copied(snapshot.branch_of(held), owner=by, team=place, title=held.title, with_files=False)
    record(verbs.SHARE_COPIED, targets=[*_targets(held), Target("copy", chat.pk), Target("team", place.pk)])
    return chat
