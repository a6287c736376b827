"""One chat as a file, or as a page to be printed. One that is not yours is not there."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.doors import Keeper, found, keepers
from chat.models import Conversation
from chat.queries import conversations_of
from moving import exporting
from moving.queries import models_of


def _mine(request: Keeper, pk: UUID) -> Conversation:
    return found(request, conversations_of(request.user).select_related("team"), pk)


def _sent(request: Keeper, conversation: UUID, form: str) -> HttpResponse:
    """Answer with a file to be saved: no browser shows it as a page."""
    paper = exporting.paper_of(_mine(request, conversation), form)
    headers = {
        "Content-Disposition": content_disposition_header(True, paper.name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }
    return HttpResponse(paper.content, content_type=paper.media_type, headers=headers)


@require_GET
@keepers()
def markdown(request: Keeper, conversation: UUID) -> HttpResponse:
    """The branch that is shown, to be read."""
    return _sent(request, conversation, exporting.MARKDOWN)


@require_GET
@keepers()
def as_json(request: Keeper, conversation: UUID) -> HttpResponse:
    """Everything of a chat, as Hearth reads it back."""
    return _sent(request, conversation, exporting.JSON)


@require_GET
@keepers()
def printed(request: Keeper, conversation: UUID) -> HttpResponse:
    """The branch that is shown, on a page without anything around it."""
    chat = _mine(request, conversation)
    rows, models = exporting.printed(chat), models_of(chat)
    turns: list[dict[str, Any]] = [{"row": row, "model": models.get(str(row.message.pk), "")} for row in rows]
    return render(request, "moving/print.html", {"conversation": chat, "turns": turns})
