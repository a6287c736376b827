"""Questions that wait behind the answer before them, and are taken back before anybody reads them."""

from django.db import transaction
from django.utils.translation import gettext as _

from chat import queue
from chat.models import Conversation, Generation, Message
from chat.refusal import Refusal

State = Generation.State


@transaction.atomic
def take_back(question: Message) -> None:
    """Take a question back that no model has begun to read. What was asked behind it waits behind what is before it.

    Nothing is deleted: the question stays a branch of its chat that is not shown, as one that was edited does. So a
    hold and a minimum keep it like everything else. Raises Refusal; Conversation.DoesNotExist for a deleted chat.
    """
    chat = Conversation.objects.within(question.conversation).select_for_update(of=("self",)).get(deleted_at=None)
    answers = Generation.objects.within(chat).filter(message__parent=question)
    untouched = answers.filter(state=State.QUEUED, attempt=0)
    said = list(answers.values_list("message", flat=True))
    if question.parent_id is None or queue.end_unowned(untouched, state=State.STOPPED) < len(said):
        raise Refusal(_("This question is being answered already. Stop the answer instead."))
    Message.objects.within(chat).filter(parent__in=said).update(parent=question.parent_id)
    if chat.head_id in said:
        Conversation.objects.within(chat).update(head=question.parent_id)
