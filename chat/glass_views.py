"""One person's chats under an open glass: a list and one chat, to be read. Nothing here changes or exports a thing.

Every look is written to the audit log, committed, before anything is shown.
"""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import found, is_part, not_there
from accounts.models import User
from audit.entry import Target
from breakglass import actions
from breakglass.models import Glass
from breakglass.queries import glasses_open_to
from chat import files
from chat.models import Attachment, Conversation
from chat.queries import Row, chats_under, latest_leaf_below, thread_of

PAGE = 50
MARKS = range(300)  # times that the watermark stands on a page: enough for a very large screen


class Reader(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def _look(request: Reader, glass: Glass, chat: UUID | None = None) -> Glass:
    """Have the look written down. The glass may have ended since it was found: then there is nothing."""
    return actions.look(glass.pk, by=request.user, chat=chat) or not_there(request, Target("glass", str(glass.pk)))


@require_safe
@login_required
def chats(request: Reader, glass: int) -> HttpResponse:
    """The chats of the person concerned, the latest first; `after` is the last one of the page above."""
    opened = _look(request, found(request, glasses_open_to(request.user), glass))
    rows = _rows(opened, request.GET.get("after", ""))
    context = _around(opened) | {"rows": rows[:PAGE], "more": rows[PAGE - 1].pk if len(rows) > PAGE else None}
    return render(request, "chat/glass/_chats.html" if is_part(request) else "chat/glass/chats.html", context)


def _rows(glass: Glass, after: str) -> list[Conversation]:
    """Return a page of chats with the number of their messages, and one more where there are more."""
    rows = chats_under(glass).annotate(count=Count("messages")).order_by("-last_activity_at", "pk")
    try:
        last = chats_under(glass).filter(pk=UUID(after)).first() if after else None
    except ValueError:
        raise Http404 from None
    if last is not None:
        at = last.last_activity_at
        rows = rows.filter(Q(last_activity_at__lt=at) | Q(last_activity_at=at, pk__gt=last.pk))
    return list(rows[: PAGE + 1])


@require_safe
@login_required
def chat(request: Reader, glass: int, conversation: UUID) -> HttpResponse:
    """One chat as its owner last saw it; `show` is a message whose branch is shown instead."""
    opened = found(request, glasses_open_to(request.user), glass)
    found(request, chats_under(opened), conversation)  # only what is there is written down as looked at
    opened = _look(request, opened, conversation)
    read = found(request, chats_under(opened), conversation)
    context = {"conversation": read, "thread": _thread(read, request.GET.get("show", ""))}
    return render(request, "chat/glass/chat.html", _around(opened) | context)


@require_safe
@login_required
def file(request: Reader, glass: int, conversation: UUID, attachment: UUID) -> HttpResponse:
    """A file of a question, to be read in its chat; it is written down as a look at the chat."""
    opened = found(request, glasses_open_to(request.user), glass)
    _attachment(request, opened, conversation, attachment)
    opened = _look(request, opened, conversation)
    use = _attachment(request, opened, conversation, attachment)
    context = {"conversation": use.message.conversation, "attachment": use, "text": files.text_of(use.file_id)}
    return render(request, "chat/glass/file.html", _around(opened) | context)


def _attachment(request: Reader, glass: Glass, conversation: UUID, pk: UUID) -> Attachment:
    chat = found(request, chats_under(glass), conversation)
    return found(request, Attachment.objects.within(chat).select_related("message__conversation", "file"), pk)


def _thread(conversation: Conversation, show: str) -> list[Row]:
    """Return the branch that is shown, or that of another message of the same chat. Nothing is stored."""
    chosen = next((message for message in conversation.messages.all() if str(message.pk) == show), None)
    if chosen is not None:
        conversation.head = latest_leaf_below(chosen)
    return thread_of(conversation)


def _around(glass: Glass) -> dict[str, Any]:
    """Return what every page says about itself: the watermark names who reads it, and when."""
    return {"glass": glass, "now": timezone.now(), "marks": MARKS}
