"""Two answers to one question, drawn side by side until one of them is kept. The other one stays as a sibling."""

from uuid import UUID, uuid4

from django.db import transaction

from chat import queue
from chat.models import Conversation, Generation, Message
from chat.queries import latest_leaf_below


def with_this(answer: Message) -> UUID:
    """Return the pair of an answer and of the one that will be asked beside it. The conversation is locked."""
    pair = uuid4()
    Generation.objects.within(answer.conversation).filter(message=answer).update(pair=pair)
    return pair


def settle(conversation: Conversation) -> None:
    """Asking on is a choice too: the answer behind which one asks is kept. The conversation is locked."""
    for kept in Generation.objects.within(conversation).filter(message=conversation.head_id, pair__isnull=False):
        _part(conversation, kept)


@transaction.atomic
def keep(answer: Message) -> None:
    """Keep one answer of a pair, and show it. What its other one is still writing is stopped.

    Raises Conversation.DoesNotExist when the conversation was deleted meanwhile.
    """
    chat = Conversation.objects.within(answer.conversation).select_for_update(of=("self",)).get(deleted_at=None)
    for kept in Generation.objects.within(chat).filter(message=answer, pair__isnull=False):
        _part(chat, kept)
    Conversation.objects.within(chat).update(head=latest_leaf_below(answer))


def _part(conversation: Conversation, kept: Generation) -> None:
    pair = Generation.objects.within(conversation).filter(pair=kept.pair)
    queue.stop(pair.exclude(pk=kept.pk))
    pair.update(pair=None)
