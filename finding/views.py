"""Search's page, the way to what was found, and what the palette offers."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.doors import Keeper, found, is_part, keepers
from accounts.offices import offices_of
from chat import actions
from chat.queries import conversations_of, messages_of
from finding import palette, queries
from finding.asking import Asked, understood

LAST_PAGE = 60  # more chats than are ever ranked


@require_safe
@keepers()
def search(request: Keeper) -> HttpResponse:
    """What is found in one's own chats: alone where a script asks for it."""
    asked = understood(request.GET.get("q", ""))
    context = _found(request, asked)
    return render(request, "finding/_results.html" if is_part(request) else "finding/search.html", context)


def _found(request: Keeper, asked: Asked) -> dict[str, Any]:
    only, page = _only(request), _page(request)
    context: dict[str, Any] = {"asked": asked, "only": only, "page": page}
    if not asked.text:
        return context
    results = queries.search(request.user, asked, page=page, now=timezone.now(), only=only and only.pk)
    here = {"q": asked.text} | ({"chat": str(only.pk)} if only else {})
    return context | {"results": results, "here": urlencode(here)}


def _only(request: Keeper) -> Any:
    """Return the one chat that is looked into, where the address names one of this person's. Raises Http404."""
    try:
        pk = UUID(request.GET["chat"])
    except KeyError:
        return None
    except ValueError:
        raise Http404 from None
    return found(request, conversations_of(request.user), pk)


def _page(request: Keeper) -> int:
    page = request.GET.get("page", "1")
    if not page.isdecimal() or not 1 <= int(page) <= LAST_PAGE:
        raise Http404
    return int(page)


@require_POST
@keepers()
def show(request: Keeper, pk: UUID) -> HttpResponse:
    """Go to a message of another version than its chat shows: the chat shows that version from now on."""
    message = found(request, messages_of(request.user), pk)
    actions.show(message)
    return redirect(f"{message.conversation.get_absolute_url()}#message-{message.pk}")


@require_GET
@keepers()
def palette_entries(request: Keeper) -> JsonResponse:
    """What the palette offers for what was typed: chats by title; and with nothing typed, where one can go."""
    text = request.GET.get("q", "").replace("\x00", " ").strip()[:200]
    groups = [palette.as_json(_("Chats"), palette.chats(request.user, text))]
    if "all" in request.GET:
        groups += [
            palette.as_json(_("Go to"), [*palette.places(), *palette.offices(offices_of(request))]),
            palette.as_json(_("Models"), palette.models(request.standing)),
        ]
    return JsonResponse({"groups": groups})
