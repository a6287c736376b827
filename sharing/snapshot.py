"""The branch that is shown, as it is now, frozen: what is kept with a share, and what becomes of it in a copy."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chat.models import Attachment, Conversation, Generation, Message
from chat.queries import thread_of
from sharing.models import Share, SharedMessage


@dataclass(frozen=True, slots=True)
class Turn:
    """One message as readers see it, with the names of its files that are still kept: never their bytes."""

    said: SharedMessage
    files: Sequence[str] = ()


def frozen(conversation: Conversation, share: Share | None = None) -> list[SharedMessage]:
    """Return the messages of the branch that is shown, not stored yet."""
    rows = thread_of(conversation)
    return [_frozen(share, row.message, row.generation, place) for place, row in enumerate(rows)]


def _frozen(share: Share | None, message: Message, generation: Generation | None, position: int) -> SharedMessage:
    return SharedMessage(
        share=share,
        message=message.pk,
        position=position,
        role=message.role,
        text=message.text,
        model_name=generation.model_name if generation else "",
        left_premises=generation.left_premises if generation else False,
        reason=generation.reason if generation else "",
    )


def turns_of(conversation: Conversation, said: Sequence[SharedMessage]) -> list[Turn]:
    """Return messages with the names of their files. One query: a file whose time is over is no longer named."""
    names: dict[UUID, list[str]] = defaultdict(list)
    uses = Attachment.objects.within(conversation).filter(message__in=[one.message for one in said])
    for message, name in uses.order_by("position", "pk").values_list("message", "name"):
        names[message].append(name)
    return [Turn(one, names.get(one.message, ())) for one in said]


def branch_of(share: Share) -> list[Message]:
    """Return the chat's messages that were shared, saying what they said then. They are not to be saved."""
    said = {one.message: one for one in share.messages.order_by("position")}
    rows = Message.objects.within(share.conversation).filter(pk__in=said).select_related("generation__deployment")
    found = {row.pk: row for row in rows}
    return [_as_it_was(found[pk], one) for pk, one in said.items() if pk in found]


def _as_it_was(message: Message, said: SharedMessage) -> Message:
    message.text = said.text
    if generation := getattr(message, "generation", None):
        generation.reason = said.reason
        if generation.is_live:  # it goes on by now: what it says since was not shared
            generation.state = Generation.State.STOPPED
    return message
