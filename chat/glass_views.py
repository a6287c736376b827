"""One person's chats under an open glass: a list and one chat, to be read. Nothing here changes or exports a thing.

Every look is written to the audit log, committed, before anything is shown.
"""

from typing import Any, NoReturn
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from breakglass import actions, doors
from breakglass.doors import Person
from breakglass.models import Glass
from breakglass.queries import open_glass
from chat.models import Conversation
from chat.queries import Row, chats_under, latest_leaf_below, thread_of

PAGE = 50


def _glass(request: Person, number: int, **ids: object) -> Glass:
    """Return the glass that this person may look through now; else there is nothing, and the log counts it."""
    return open_glass(request.user, number) or doors.not_there(request, number=number, **ids)


def _look(request: Person, glass: Glass, chat: UUID | None = None) -> Glass:
    """Have the look written down. The glass may have ended since it was found."""
    return actions.look(glass.pk, by=request.user, chat=chat) or doors.not_there(request, number=glass.pk)


@require_safe
@login_required
def chats(request: Person, number: int) -> HttpResponse:
    """The chats of the person concerned, the latest first; `after` is the last one of the page above."""
    glass = _look(request, _glass(request, number))
    rows = _rows(glass, request.GET.get("after", ""))
    context = _around(request, glass) | {"rows": rows[:PAGE], "more": rows[PAGE - 1].pk if len(rows) > PAGE else None}
    return render(request, "chat/glass/_chats.html" if _partial(request) else "chat/glass/chats.html", context)


def _rows(glass: Glass, after: str) -> list[Conversation]:
    """Return a page of chats with the number of their messages, and one more where there are more."""
    found = chats_under(glass).annotate(count=Count("messages")).order_by("-last_activity_at", "pk")
    try:
        last = chats_under(glass).filter(pk=UUID(after)).first() if after else None
    except ValueError:
        raise Http404 from None
    if last is not None:
        at = last.last_activity_at
        found = found.filter(Q(last_activity_at__lt=at) | Q(last_activity_at=at, pk__gt=last.pk))
    return list(found[: PAGE + 1])


@require_safe
@login_required
def chat(request: Person, number: int, pk: UUID) -> HttpResponse:
    """One chat as its owner last saw it; `show` is a message whose branch is shown instead."""
    glass = _glass(request, number, pk=pk)
    if not chats_under(glass).filter(pk=pk).exists():
        doors.not_there(request, number=number, pk=pk)
    glass = _look(request, glass, pk)
    found = chats_under(glass).filter(pk=pk).first() or _gone(request, number, pk)
    context = {"conversation": found, "thread": _thread(found, request.GET.get("show", ""))}
    return render(request, "chat/glass/chat.html", _around(request, glass) | context)


def _gone(request: Person, number: int, pk: UUID) -> NoReturn:
    doors.not_there(request, number=number, pk=pk)


def _thread(conversation: Conversation, show: str) -> list[Row]:
    """Return the branch that is shown, or that of another message of the same chat. Nothing is stored."""
    chosen = next((message for message in conversation.messages.all() if show and str(message.pk) == show), None)
    if chosen is not None:
        conversation.head = latest_leaf_below(chosen)
    return thread_of(conversation)


def _partial(request: Person) -> bool:
    return "X-Hearth-Partial" in request.headers


def _around(request: Person, glass: Glass) -> dict[str, Any]:
    """Return what every page says about itself: the watermark names who reads it and when."""
    return {"glass": glass, "now": timezone.now(), "marks": range(60)}
