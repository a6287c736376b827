"""What people do with one message: keep an answer of two, take a question back, fork, say what they think."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from chat import copying, pairs, queries, thumbs, waiting
from chat.forms import ForkForm, ThumbForm
from chat.gauge import gauge_of
from chat.models import Message
from chat.views import Person, find, is_partial, refusals_shown, thread, valid


def _answer(request: Person, pk: UUID) -> Message:
    return find(queries.messages_of(request.user).filter(role=Message.Role.ASSISTANT), pk)


@require_POST
@login_required
@refusals_shown
def keep(request: Person, pk: UUID) -> HttpResponse:
    """Keep one of two answers that stand side by side."""
    answer = _answer(request, pk)
    pairs.keep(answer)
    return thread(request, answer.conversation_id)


@require_POST
@login_required
@refusals_shown
def take_back(request: Person, pk: UUID) -> HttpResponse:
    """Take back a question that waits."""
    question = find(queries.messages_of(request.user).filter(role=Message.Role.USER), pk)
    waiting.take_back(question)
    return thread(request, question.conversation_id)


@require_POST
@login_required
@refusals_shown
def fork(request: Person, pk: UUID) -> HttpResponse:
    """Go on from a message in a chat of its own."""
    message = find(queries.messages_of(request.user), pk)
    return redirect(copying.fork(message, client_id=valid(ForkForm(request.POST))["client_id"]))


@require_POST
@login_required
@refusals_shown
def think(request: Person, pk: UUID) -> HttpResponse:
    """Say what one thinks of an answer, or take it back; the sheet for the reasons opens."""
    answer = _answer(request, pk)
    said = valid(ThumbForm(request.POST))
    if not said["thumb"]:
        thumbs.forget(answer)
    elif said["whole"]:
        thumbs.think(answer, thumb=said["thumb"], reasons=said["reasons"], comment=said["comment"])
    else:
        thumbs.point(answer, thumb=said["thumb"])
    if not is_partial(request):
        return redirect(f"{answer.conversation.get_absolute_url()}#message-{answer.pk}")
    context = {"message": queries.messages_of(request.user).select_related("feedback").get(pk=pk)}
    opens = bool(said["thumb"]) and not said["whole"]
    return render(request, "chat/_thumbs.html", context | {"opens": opens, "thanks": said["whole"]})


@require_GET
@login_required
def gauge(request: Person, pk: UUID) -> HttpResponse:
    """How full the chat is for its model."""
    chat = find(queries.conversations_of(request.user), pk)
    if not is_partial(request):
        return redirect(chat)
    return render(request, "chat/_gauge.html", {"gauge": gauge_of(queries.thread_of(chat))})
