"""Chats that were deleted and come back, one or all, within the time of grace.

Who is being erased brings nothing back: both lock the person.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import verbs
from audit.actions import record
from audit.entry import Target
from chat import queue
from chat.actions import BY_RULES_ALONE
from chat.models import Conversation, Generation
from chat.refusal import Refusal
from chat.scopes import ScopedQuerySet
from chat.tabs import tell_changed
from retention.models import Erasure, HouseRules
from retention.terms import house

ERASED = gettext_lazy("Your chats are being erased. None of them comes back.")


def deleted_of(user: User) -> ScopedQuerySet[Conversation]:
    """Return what the person has deleted and can bring back: nothing while their chats are being erased."""
    rows = Conversation.objects.deleted_by(user, grace=timedelta(days=house().grace_days))
    return rows.none() if Erasure.objects.filter(person=user, ended_at=None).exists() else rows


@transaction.atomic
def restore(conversation: Conversation) -> None:
    """Bring a deleted conversation back. Raises Conversation.DoesNotExist where it is gone by now."""
    _come_back(conversation.owner, deleted_of(conversation.owner).filter(pk=conversation.pk))
    record(verbs.CONVERSATION_RESTORED, targets=[Target("conversation", conversation.pk)])
    tell_changed(conversation.owner_id, conversation.pk)


@transaction.atomic
def restore_all(user: User, *, deleted_at: datetime) -> int:
    """Bring back what was deleted by one act. Return how many. Raises Conversation.DoesNotExist where all are gone."""
    count = _come_back(user, deleted_of(user).filter(deleted_at=deleted_at))
    record(verbs.CONVERSATIONS_RESTORED, targets=[Target("person", user.pk)], facts={"conversations": count})
    tell_changed(user.pk, None)
    return count


def _come_back(user: User, rows: ScopedQuerySet[Conversation]) -> int:
    """Lock the person, then what is still there; a purge that holds a row is waited for."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    if Erasure.objects.filter(person=user, ended_at=None).exists():
        raise Refusal(ERASED)
    found = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not found:
        raise Conversation.DoesNotExist
    return user.conversations.filter(pk__in=found).update(deleted_at=None)


@transaction.atomic
def delete_all(user: User) -> tuple[int, datetime | None]:
    """Hide all chats that the person sees, in every tab, and stop what is being written. Raises Refusal.

    Return how many, and the moment, which names this act to `restore_all`.
    """
    if house().deleting == HouseRules.Deleting.NOBODY:
        raise Refusal(BY_RULES_ALONE)
    seen = Conversation.objects.of(user).select_for_update(of=("self",)).order_by("pk")
    pks = list(seen.values_list("pk", flat=True))
    if not pks:
        return 0, None
    queue.stop(Generation.objects.of(user).filter(message__conversation__in=pks))
    user.conversations.filter(pk__in=pks).update(deleted_at=Now())
    record(verbs.CONVERSATIONS_DELETED, targets=[Target("person", user.pk)], facts={"conversations": len(pks)})
    tell_changed(user.pk, None)
    return len(pks), user.conversations.filter(pk=pks[0]).values_list("deleted_at", flat=True).get()
