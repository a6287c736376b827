"""What is being written is kept on the server: the page saves it, and asks for it again when it is looked at."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.authority import asking_team_of, standing_of
from chat import drafts
from chat.actions import Refusal
from chat.forms import DraftForm
from chat.models import Conversation
from chat.queries import conversations_of
from chat.views import Person, find, refusals_shown, valid


def _draft(request: Person, conversation: Conversation | None) -> HttpResponse:
    if request.method == "GET":
        return JsonResponse({"text": drafts.of(request.user, conversation)})
    drafts.save(request.user, valid(DraftForm(request.POST))["text"], conversation)
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@login_required
@refusals_shown
def new(request: Person) -> HttpResponse:
    """What you have written for a new chat."""
    if request.method == "POST" and asking_team_of(standing_of(request.user)) is None:
        raise Refusal(_("You cannot ask in any team: there is nothing to keep."))
    return _draft(request, None)


@require_http_methods(["GET", "POST"])
@login_required
@refusals_shown
def of_chat(request: Person, pk: UUID) -> HttpResponse:
    """What you have written in one of your conversations."""
    return _draft(request, find(conversations_of(request.user), pk))
