"""Chats that are not in the list: put away, deleted lately. And what brings them back, one or all."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import sent
from chat import arranging, away, lifetimes
from chat.forms import ArchiveForm, DeleteAllForm, PlaceForm, RestoreAllForm
from chat.models import Conversation
from chat.projects import projects_of
from chat.queries import conversations_of
from chat.views import Person, find, is_partial, refusals_shown, valid
from retention.terms import house

PAGE = 50


def _mine(request: Person, pk: UUID) -> Conversation:
    return find(conversations_of(request.user).select_related("owner"), pk)


def _done(request: Person, conversation: Conversation, said: str, to: str = "") -> HttpResponse:
    """Nothing more to say for a page that goes on by itself, else a sentence on the next page."""
    if is_partial(request):
        return HttpResponse(status=204)
    messages.success(request, said)
    return redirect(to or conversation.get_absolute_url())


@require_POST
@login_required
def see(request: Person, pk: UUID) -> HttpResponse:
    """You have seen how the last answer of one of your conversations ended."""
    arranging.see(_mine(request, pk))
    return HttpResponse(status=204)


@require_POST
@login_required
@refusals_shown
def archive(request: Person, pk: UUID) -> HttpResponse:
    """Put one of your conversations away, or bring it back to the list."""
    conversation, archived = _mine(request, pk), valid(ArchiveForm(request.POST))["archived"]
    arranging.archive(conversation, archived=archived)
    said = (
        _("The chat is put away. You find it under Archived chats.") if archived else _("The chat is back in the list.")
    )
    return _done(request, conversation, said)


@require_POST
@login_required
@refusals_shown
def move(request: Person, pk: UUID) -> HttpResponse:
    """Put one of your conversations into a project, or out of all."""
    conversation, wanted = _mine(request, pk), valid(PlaceForm(request.POST))["project"]
    project = find(projects_of(request.user), wanted) if wanted else None
    arranging.move(conversation, project=project)
    return _done(
        request, conversation, _("The chat is in the project now.") if project else _("The chat is in no project now.")
    )


@require_POST
@login_required
@refusals_shown
def restore(request: Person, pk: UUID) -> HttpResponse:
    """Bring back one of your conversations that you have deleted lately."""
    conversation = find(away.deleted_of(request.user).select_related("owner"), pk)
    away.restore(conversation)
    return _done(request, conversation, _("The chat is back."))


@require_POST
@login_required
@refusals_shown
def restore_all(request: Person) -> HttpResponse:
    """Bring back what you have deleted by one act."""
    count = away.restore_all(request.user, deleted_at=valid(RestoreAllForm(request.GET))["at"])
    messages.success(request, ngettext("%(n)s chat is back.", "%(n)s chats are back.", count) % {"n": count})
    return redirect("chat:home")


def _listed(request: Person, rows: QuerySet[Conversation], template: str, *, back: str) -> HttpResponse:
    page = request.GET.get("page", "1")
    if not page.isdecimal() or not 1 <= int(page) <= 10_000:
        raise Http404
    start, rules = (int(page) - 1) * PAGE, lifetimes.rules_now()
    found = list(lifetimes.with_holds(rows.select_related("team"))[start : start + PAGE + 1])
    context: dict[str, Any] = {
        "rows": [(row, lifetimes.told(row, rules)) for row in found[:PAGE]],
        "next_page": int(page) + 1 if len(found) > PAGE else None,
        "further": int(page) > 1,
        "house": rules.house,
        "back": back,
    }
    return render(request, template, context)


@require_safe
@login_required
def archived(request: Person) -> HttpResponse:
    """Your chats that you have put away."""
    rows = conversations_of(request.user).filter(archived_at__isnull=False).order_by("-archived_at", "pk")
    return _listed(request, rows, "chat/archived.html", back="chat:archive")


@require_safe
@login_required
def deleted(request: Person) -> HttpResponse:
    """Your chats that you have deleted and can still bring back."""
    rows = away.deleted_of(request.user).order_by("-deleted_at", "pk")
    return _listed(request, rows, "chat/deleted.html", back="chat:restore")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refusals_shown
def delete_all(request: Person) -> HttpResponse:
    """Delete all of your chats, once you have read how many go."""
    form = DeleteAllForm(sent(request))
    if form.is_valid():
        return _all_deleted(request)
    context = {
        "form": form,
        "chats": conversations_of(request.user).count(),
        "house": house(),
    }
    return render(request, "chat/delete_all.html", context, status=400 if form.is_bound else 200)


def _all_deleted(request: Person) -> HttpResponse:
    count, at = away.delete_all(request.user)
    said = ngettext("%(n)s chat is deleted.", "%(n)s chats are deleted.", count) % {"n": count}
    undo = f"{reverse('chat:restore_all')}?{urlencode({'at': at.isoformat()})}" if at and house().grace_days else ""
    messages.success(request, said, extra_tags=undo)
    return redirect("chat:home")
