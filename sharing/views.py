"""Sharing's pages. What somebody may not read is not there for them, and the audit log counts that they asked."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.doors import Keeper, found, is_part, keepers
from accounts.lists import Page, page_of
from accounts.refusal import Refusal
from chat.forms import first_error
from chat.lifetimes import lifetime_of
from chat.models import Conversation
from chat.queries import conversations_of
from sharing import actions, queries, snapshot
from sharing.forms import ENDS, CopyForm, EndForm, ShareForm
from sharing.models import Share, ShareWith

USUAL = "7"


def _sent(form: forms.Form) -> dict[str, Any]:
    """Return what was sent, checked. Raises Refusal with the first complaint."""
    if not form.is_valid():
        raise Refusal(first_error(form))
    return form.cleaned_data


def _chat(request: Keeper, pk: UUID) -> Conversation:
    return found(request, conversations_of(request.user).select_related("team"), pk)


def _mine(request: Keeper, pk: UUID) -> Share:
    return found(request, queries.shares_by(request.user), pk)


def _readable(request: Keeper, pk: UUID) -> tuple[Share, bool]:
    """Return a share that this person may read, and whether it is their own."""
    mine = queries.shares_by(request.user).filter(pk=pk).first()
    return (mine, True) if mine else (found(request, queries.shares_with(request.user), pk), False)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers()
def new(request: Keeper, pk: UUID) -> HttpResponse:
    """Pick who may read one of your chats, see what they will read, and share it."""
    chat = _chat(request, pk)
    if request.method != "POST" or "look" in request.POST:
        return render(request, "sharing/new.html", _picking(request, chat))
    try:
        made = _share(request, chat)
    except Refusal as refusal:
        context = _picking(request, chat) | {"refused": str(refusal)}
        return render(request, "sharing/new.html", context, status=409)
    messages.success(request, _("Shared. Those you picked find it under “Shared with me”; you can send them the link."))
    return redirect("sharing:mine", made.pk)


def _share(request: Keeper, chat: Conversation) -> Share:
    sent = _sent(ShareForm(request.POST))
    people, teams, days = sent["person"], sent["team"], sent["end"]
    try:
        return actions.share(chat, people=people, teams=teams, days=days, head=sent["head"], by=request.user)
    except Conversation.DoesNotExist:
        raise Http404 from None


def _picking(request: Keeper, chat: Conversation) -> dict[str, Any]:
    """Return what the page shows: what was picked already, whom a search finds, and what is shared."""
    ticked = set(request.POST.getlist("person"))
    colleagues = queries.colleagues_of(request.user)
    chosen = list(colleagues.filter(pk__in=[pk for pk in map(_uuid, ticked) if pk])) if ticked else []
    text = request.POST.get("text", "").strip()
    turns = snapshot.turns_of(chat, snapshot.frozen(chat))
    return {
        "conversation": chat,
        "why_not": actions.why_not(chat, request.user),
        "picked": chosen,
        "people": [one for one in queries.people_called(text, request.user) if one not in chosen],
        "text": text,
        "teams": queries.teams_of(request.user),
        "ticked_teams": request.POST.getlist("team"),
        "ends": ENDS,
        "end": request.POST.get("end", USUAL),
        "turns": turns,
        "left_premises": any(turn.said.left_premises for turn in turns),
        "has_files": any(turn.files for turn in turns),
        "life": lifetime_of(chat),
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_GET
@keepers()
def people(request: Keeper) -> HttpResponse:
    """Some colleagues whose name or address holds what was typed, to be ticked."""
    text = request.GET.get("text", "")[:100]
    context = {"people": queries.people_called(text, request.user), "text": text.strip()}
    return render(request, "sharing/_people.html", context)


@require_safe
@keepers()
def share(request: Keeper, pk: UUID) -> HttpResponse:
    """A share to be read, by whom it was shared with and by who shared it."""
    held, is_own = _readable(request, pk)
    turns = snapshot.turns_of(held.conversation, list(held.messages.order_by("position")))
    places = [] if is_own else queries.teams_to_copy_into(request.user)
    context = {
        "share": held,
        "is_own": is_own,
        "turns": turns,
        "places": places,
        "left_premises": any(turn.said.left_premises for turn in turns),
    }
    return render(request, "sharing/share.html", context)


@require_GET
@keepers()
def still(request: Keeper, pk: UUID) -> HttpResponse:
    """Whether a share is still there, for a page that shows it: nothing, or 404."""
    _readable(request, pk)
    return HttpResponse(status=204)


def _page(request: Keeper, rows: Any) -> Page[Share]:
    after = request.GET.get("after")
    if after and _uuid(after) is None:
        raise Http404
    return page_of(rows, "created_at", after=after, newest_first=True)


@require_safe
@keepers()
def with_me(request: Keeper) -> HttpResponse:
    """What others have shared with you, the newest first."""
    page = _page(request, queries.shares_with(request.user))
    return render(request, "sharing/_with_me.html" if is_part(request) else "sharing/with_me.html", {"page": page})


@require_safe
@keepers()
def by_me(request: Keeper) -> HttpResponse:
    """What you have shared and is still open, the newest first."""
    page = _page(request, queries.shares_by(request.user))
    return render(request, "sharing/_by_me.html" if is_part(request) else "sharing/by_me.html", {"page": page})


@require_safe
@keepers()
def mine(request: Keeper, pk: UUID) -> HttpResponse:
    """One of your shares: its link, who may read it, and until when."""
    held = _mine(request, pk)
    link = request.build_absolute_uri(held.get_absolute_url())
    return render(request, "sharing/mine.html", {"share": held, "link": link, "ends": ENDS})


@require_POST
@keepers()
def revoke(request: Keeper, pk: UUID) -> HttpResponse:
    """Take one of your shares back."""
    actions.revoke(_mine(request, pk))
    messages.success(request, _("The share is taken back. Nobody can read it any more."))
    return redirect("sharing:by_me")


@require_POST
@keepers()
def end(request: Keeper, pk: UUID) -> HttpResponse:
    """Let one of your shares end at another time."""
    held, days = _mine(request, pk), _sent(EndForm(request.POST))["end"]
    actions.end_in(held, days=days)
    if days is None:
        said = _("It can be read for as long as the chat is kept.")
    else:
        said = ngettext("It ends in %(n)s day.", "It ends in %(n)s days.", days) % {"n": days}
    messages.success(request, said)
    return redirect("sharing:mine", held.pk)


@require_POST
@keepers()
def drop(request: Keeper, pk: UUID, reader: UUID) -> HttpResponse:
    """Let one reader of your share read it no longer. With the last one it is taken back."""
    held = _mine(request, pk)
    actions.drop(held, found(request, ShareWith.objects.within(held), reader))
    if not queries.shares_by(request.user).filter(pk=held.pk).exists():
        messages.success(request, _("That was the last reader: the share is taken back."))
        return redirect("sharing:by_me")
    messages.success(request, _("They can read it no longer."))
    return redirect("sharing:mine", held.pk)


@require_POST
@keepers()
def copy(request: Keeper, pk: UUID) -> HttpResponse:
    """Go on from a share in a chat of your own."""
    held = found(request, queries.shares_with(request.user), pk)
    try:
        return redirect(actions.copy(held, by=request.user, team=_sent(CopyForm(request.POST))["team"]))
    except Share.DoesNotExist:
        raise Http404 from None
