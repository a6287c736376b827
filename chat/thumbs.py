"""What the owner of a chat thinks of an answer: a thumb, a few reasons, a comment. Others see counts at most."""

from collections.abc import Sequence

from django.db import transaction

from chat.models import Conversation, Feedback, Message
from chat.reasons import REASONS


@transaction.atomic
def think(answer: Message, *, thumb: str, reasons: Sequence[str] = (), comment: str = "") -> Feedback:
    """Say what one thinks of an answer, in place of what was said before. Reasons of the other thumb do not count."""
    chat = _locked(answer)
    said = {"thumb": thumb, "reasons": [one for one in REASONS[thumb] if one in reasons], "comment": comment}
    return Feedback.objects.within(chat).update_or_create(message=answer, defaults=said)[0]


@transaction.atomic
def point(answer: Message, *, thumb: str) -> Feedback:
    """Say up or down alone. The same thumb once more leaves what was said with it."""
    chat = _locked(answer)
    same = Feedback.objects.within(chat).filter(message=answer, thumb=thumb).first()
    return same or think(answer, thumb=thumb)


@transaction.atomic
def forget(answer: Message) -> None:
    """Take back what one has said of an answer."""
    Feedback.objects.within(_locked(answer)).filter(message=answer).delete()


def _locked(answer: Message) -> Conversation:
    """Lock the conversation. Raises Conversation.DoesNotExist when it was deleted meanwhile."""
    rows = Conversation.objects.within(answer.conversation).select_for_update(of=("self",))
    return rows.get(deleted_at=None)
