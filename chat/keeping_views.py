"""How long one's chats live: pinned, asked to be kept longer, and those that go soon."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.doors import Keeper, found, is_part, keepers
from accounts.refusal import Refusal
from chat import actions, lifetimes
from chat.forms import KeepForm, PinForm, first_error
from chat.lifetimes import Lifetime
from chat.models import Conversation
from chat.queries import conversations_of
from chat.views import life_of
from retention import wishing

PAGE = 50


def _mine(request: Keeper, pk: UUID) -> Conversation:
    return found(request, conversations_of(request.user).select_related("team"), pk)


def _life(request: Keeper, conversation: Conversation) -> HttpResponse:
    """Answer with the badge alone where the page asks for it, else go back to the conversation."""
    if not is_part(request):
        return redirect(conversation)
    context = life_of(request.user, conversation, lifetimes.rules_now())
    return render(request, "chat/_life.html", context | {"conversation": conversation})


@require_GET
@keepers()
def lifetime(request: Keeper, pk: UUID) -> HttpResponse:
    """How long one of your conversations lives, as it is now; 404 once it is gone."""
    return _life(request, _mine(request, pk))


@require_POST
@keepers()
def pin(request: Keeper, pk: UUID) -> HttpResponse:
    """Put one of your conversations at the top of the list, or back among the others."""
    conversation = _mine(request, pk)
    form = PinForm(request.POST)
    conversation.pinned = form.is_valid() and form.cleaned_data["pinned"]
    actions.pin(conversation, pinned=conversation.pinned)
    return _life(request, conversation)


@require_POST
@keepers()
def keep(request: Keeper, pk: UUID) -> HttpResponse:
    """Ask the team to keep one of your conversations longer."""
    conversation = _mine(request, pk)
    life = lifetimes.lifetime_of(conversation)
    form = KeepForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    if life.at is None or not life.keepable:
        raise Refusal(_why_not(life))
    wishing.ask(
        request.user,
        team=conversation.team,
        conversation=conversation.pk,
        goes_at=life.at,
        reason=form.cleaned_data["reason"],
    )
    if is_part(request):
        return _life(request, conversation)
    messages.success(request, _("The administrators of the team %(team)s will answer.") % {"team": conversation.team})
    return redirect("chat:going") if request.POST.get("from") == "going" else redirect(conversation)


def _why_not(life: Lifetime) -> str:
    if life.at_most:
        return _("Your organisation keeps no chat longer than %(most)s days, whatever a team says.") % {
            "most": life.terms.most
        }
    return _("This chat is not one that a team can keep longer: it stays, it is temporary, or its time is over.")


@require_safe
@keepers()
def going(request: Keeper) -> HttpResponse:
    """Your chats that go soon, and changes that let them go sooner."""
    page = request.GET.get("page", "1")
    if not page.isdecimal() or not 1 <= int(page) <= 10_000:
        raise Http404
    start, rules = (int(page) - 1) * PAGE, lifetimes.rules_now()
    rows = list(lifetimes.with_holds(lifetimes.going(request.user, rules))[start : start + PAGE + 1])
    wishes = lifetimes.wishes_about(request.user, [row.pk for row in rows])
    context: dict[str, Any] = {
        "rows": [(row, lifetimes.told(row, rules), wishes.get(row.pk)) for row in rows[:PAGE]],
        "soon": lifetimes.soon(request.user, rules),
        "house": rules.house,
        "next_page": int(page) + 1 if len(rows) > PAGE else None,
        "further": int(page) > 1,
    }
    return render(request, "chat/going.html", context)
