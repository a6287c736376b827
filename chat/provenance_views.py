"""Where an answer comes from, for whoever has it: what made it, and whether the same comes out once more."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from chat import actions, queries, recipes
from chat.forms import AgainForm
from chat.models import Generation
from chat.views import Person, find, refusals_shown, valid

STATES = (  # as the page says them
    gettext_noop("queued"),
    gettext_noop("running"),
    gettext_noop("done"),
    gettext_noop("stopped"),
    gettext_noop("failed"),
    gettext_noop("interrupted"),
)


def _generation(request: Person, pk: UUID) -> Generation:
    return find(queries.generations_of(request.user).select_related("recipe"), pk)


@require_safe
@login_required
def about(request: Person, pk: UUID) -> HttpResponse:
    """Everything that decided the words of an answer, and, where it repeats another, what came out otherwise."""
    generation = _generation(request, pk)
    context: dict[str, Any] = {
        "generation": generation,
        "lines": recipes.lines_of(generation.recipe) if generation.recipe else [],
        "client_id": uuid4(),
        **_repeated(request, generation),
    }
    return render(request, "chat/about.html", context)


def _repeated(request: Person, generation: Generation) -> dict[str, Any]:
    """Return the answer that this one repeats, and how they differ once it has ended."""
    if not generation.repeats:
        return {}
    first = queries.generations_of(request.user).select_related("recipe").filter(pk=generation.repeats).first()
    if first is None:
        return {}
    told: dict[str, Any] = {"first": first, "same": first.message.text == generation.message.text}
    if first.recipe and generation.recipe:
        told["changed"] = recipes.changed(first.recipe, generation.recipe)
    if not generation.is_live and not told["same"]:
        told["pieces"] = recipes.difference(first.message.text, generation.message.text)
    return told


@require_POST
@login_required
@refusals_shown
def reproduce(request: Person, pk: UUID) -> HttpResponse:
    """Have an answer made once more with everything as it was: a version beside it."""
    generation = _generation(request, pk)
    again = actions.reproduce(generation, client_id=valid(AgainForm(request.POST))["client_id"])
    return redirect(again.message.conversation)
