"""The chat's pages and forms. A view finds what is yours, checks what was sent, and calls one action."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.authority import Standing, asking_team_of, standing_of
from accounts.models import User
from audit import refusals, verbs
from audit.entry import Target
from chat import actions, drafts, files, lifetimes, projects, queries, tuning
from chat.actions import Refusal
from chat.files import Unstored
from chat.forms import AgainForm, PlaceForm, QuestionForm, TitleForm, first_error
from chat.gauge import gauge_of
from chat.lifetimes import Lifetime, Rules
from chat.limits import Crowded
from chat.lists import MOST_PAGES, list_of
from chat.models import Conversation, Generation, Message, Project
from models_admin import endpoints
from models_admin.models import Deployment
from models_admin.queries import allowed_to, default_of, why_none, why_not
from prompts.starters import starters

M = TypeVar("M", bound=Model)
CHOOSE = gettext_lazy("What is asked would leave the premises. Pick a model in the box, or ask a new question.")
NO_MODEL = gettext_lazy("No model is set up yet. An administrator can start Hearth with MODEL=path.gguf.")


class Person(HttpRequest):
    """A request of somebody who is signed in. A page that has read their standing leaves it for the list of offices."""

    user: User
    standing: Standing


def is_partial(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" or request.headers.get("X-Hearth-Partial") == "thread"


def _refuse(request: HttpRequest, reason: str, status: int = 400) -> HttpResponse:
    template = "chat/_refusal.html" if is_partial(request) else "chat/refusal.html"
    return render(request, template, {"reason": reason}, status=status)


def refusals_shown(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn an action's refusal into a sentence for the person, and a chat deleted meanwhile into 404."""

    @wraps(view)
    def wrapped(request: Person, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return _refuse(request, str(refusal), status=400 if isinstance(refusal, InvalidForm) else 409)
        except Crowded as crowd:
            response = _refuse(request, str(crowd), status=429)
            response["Retry-After"] = str(crowd.seconds)
            return response
        except Unstored as refusal:
            return _refuse(request, str(refusal), status=503)
        except Conversation.DoesNotExist:
            raise Http404 from None

    return wrapped


def find(found: QuerySet[M], pk: UUID) -> M:
    """Return what is this person's. Else it is not there for them, and the audit log counts that they asked."""
    try:
        return get_object_or_404(found, pk=pk)
    except Http404:
        refusals.refused(verbs.ACCESS_REFUSED, targets=[Target(str(found.model._meta.model_name), pk)])
        raise


def _deployment(request: Person, wanted: UUID | None, usual: UUID | None = None) -> Deployment:
    """Return the chosen deployment, the one asked before, the team's, or the first. Raises Refusal when there is none.

    One of another team is answered like one that is not there. Nothing leaves the premises because nobody chose.
    """
    standing = standing_of(request.user)
    rows = allowed_to(standing).filter(enabled=True).select_related("endpoint")
    allowed = {deployment.pk: deployment for deployment in rows}
    if wanted in allowed:
        return allowed[wanted]
    if not allowed:
        raise Refusal(why_none(standing) or NO_MODEL)
    if wanted is not None:
        refusals.refused(verbs.ACCESS_REFUSED, targets=[Target("deployment", wanted)])
        raise Refusal(why_not(standing))
    if usual in allowed:
        return allowed[usual]
    inside = [deployment for deployment in allowed.values() if not deployment.leaves]
    if not inside:
        raise Refusal(CHOOSE)
    return allowed[_preset(inside, default_of(standing))]


def _beside(request: Person, wanted: UUID | None) -> Deployment | None:
    """Return the deployment that answers as well, where one was chosen. Raises Refusal."""
    return None if wanted is None else _deployment(request, wanted)


def _preset(deployments: list[Deployment], *wished: UUID | None) -> UUID:
    """Return the first of the wishes that is there, else the first that stays on the premises, else the first."""
    there = [one.pk for one in sorted(deployments, key=lambda one: one.leaves)]
    return next((pk for pk in wished if pk in there), there[0])


class InvalidForm(Refusal):
    """What was sent cannot be used."""


def valid(form: forms.Form) -> dict[str, Any]:
    """Return what was sent, checked. Raises InvalidForm with the first complaint."""
    if not form.is_valid():
        raise InvalidForm(first_error(form))
    return form.cleaned_data


def _wishes(deployment: Deployment, request: Person) -> dict[str, float]:
    """Return what was set for this question. Raises InvalidForm."""
    try:
        return tuning.wished(deployment, request.POST)
    except ValueError as error:
        raise InvalidForm(str(error)) from None


def _page(
    request: Person, conversation: Conversation | None, *, sidebar_page: int = 1, wished: str = ""
) -> dict[str, Any]:
    rows = queries.thread_of(conversation) if conversation else []
    request.standing = standing = standing_of(request.user)
    rules = lifetimes.rules_now()
    deployments = list(allowed_to(standing).filter(enabled=True).select_related("endpoint"))
    usual = conversation.deployment_id if conversation else None
    picked = next((each.pk for each in deployments if str(each.pk) == wished), None)
    return {
        "conversation": conversation,
        "thread": rows,
        "live": any(row.is_live for row in rows),
        "gauge": gauge_of(rows),
        "deployments": deployments,
        "chosen": deployments and _preset(deployments, picked, usual, default_of(standing)),
        "outside": endpoints.policy().terms if any(one.leaves for one in deployments) else None,
        "panels": tuning.panels(deployments),
        "why_none": "" if deployments else why_none(standing),
        "client_id": uuid4(),
        "draft": drafts.of(request.user, conversation),
        "starters": starters(request.user) if deployments and conversation is None else (),
        "temporary_for": lifetimes.hours_in_words(rules.of(asking_team_of(standing)).temporary_hours),
        "soon": lifetimes.soon(request.user, rules),
        **list_of(request.user, rules, page=sidebar_page),
        **life_of(request.user, conversation, rules),
    }


def life_of(user: User, conversation: Conversation | None, rules: Rules) -> dict[str, Any]:
    """Return how long a conversation lives, what was asked about that, and who may delete it, for its page."""
    if conversation is None:
        return {}
    return {
        "life": lifetimes.lifetime_of(conversation, rules),
        "wish": lifetimes.wishes_about(user, [conversation.pk]).get(conversation.pk),
        "team": conversation.team,
        "house": rules.house,
    }


@require_safe
@login_required
def home(request: Person) -> HttpResponse:
    """An empty chat. `model` in the address is picked, where this person may ask it; it begins in a `project`."""
    page = _page(request, None, wished=request.GET.get("model", ""))
    return render(request, "chat/page.html", page | {"project": _project(request, request.GET)})


def _project(request: Person, sent: QueryDict) -> Project | None:
    """Return the project in which a chat is to begin, if one is named. Raises Http404."""
    form = PlaceForm(sent)
    if not form.is_valid():
        raise Http404
    pk = form.cleaned_data["project"]
    return find(projects.projects_of(request.user), pk) if pk else None


@require_safe
@login_required
def conversation(request: Person, pk: UUID) -> HttpResponse:
    """One of your conversations."""
    found = find(queries.conversations_of(request.user).select_related("team", "project"), pk)
    return render(request, "chat/page.html", _page(request, found) | {"project": found.project})


@require_GET
@login_required
def sidebar(request: Person) -> HttpResponse:
    """The next page of the list of conversations, or several: alone where the page asks, else around an empty chat."""
    page, pages = request.GET.get("page", "1"), request.GET.get("pages", "1")
    if not (page.isdecimal() and 1 <= int(page) <= 10_000 and pages.isdecimal() and 1 <= int(pages) <= MOST_PAGES):
        raise Http404
    if not is_partial(request):
        return render(request, "chat/page.html", _page(request, None, sidebar_page=int(page)))
    context = list_of(request.user, lifetimes.rules_now(), page=int(page), pages=int(pages))
    return render(request, "chat/_sidebar.html", context | {"conversation": None})


def thread(request: Person, pk: UUID) -> HttpResponse:
    """Answer with the thread alone where the page asks for it, else go back to the conversation."""
    found = find(queries.conversations_of(request.user), pk)
    if not is_partial(request):
        return redirect(found)
    return render(request, "chat/_thread.html", _page(request, found))


@require_POST
@login_required
@refusals_shown
def begin(request: Person) -> HttpResponse:
    """Ask the first question of a new conversation."""
    form, project = valid(QuestionForm(request.POST, request.FILES)), _project(request, request.POST)
    deployment = _deployment(request, form["deployment"])
    wishes, beside = _wishes(deployment, request), _beside(request, form["beside"])
    generation = actions.begin(
        request.user,
        text=form["text"],
        deployment=deployment,
        client_id=form["client_id"],
        sent=form["files"],
        temporary=form["temporary"],
        project=project,
        beside=beside,
        parameters=wishes,
    )
    return redirect(generation.message.conversation)


@require_POST
@login_required
@refusals_shown
def ask(request: Person, pk: UUID) -> HttpResponse:
    """Ask behind the branch that is shown."""
    found = find(queries.conversations_of(request.user).select_related("owner"), pk)
    form = valid(QuestionForm(request.POST, request.FILES))
    deployment = _deployment(request, form["deployment"], found.deployment_id)
    actions.ask(
        found,
        text=form["text"],
        deployment=deployment,
        client_id=form["client_id"],
        sent=form["files"],
        parameters=_wishes(deployment, request),
        beside=_beside(request, form["beside"]),
    )
    return thread(request, found.pk)


@require_POST
@login_required
@refusals_shown
def edit(request: Person, pk: UUID) -> HttpResponse:
    """Ask one of your questions in other words."""
    question = find(queries.messages_of(request.user).filter(role=Message.Role.USER), pk)
    sent = valid(QuestionForm(request.POST))
    deployment = _deployment(request, sent["deployment"], queries.model_below(question))
    actions.edit(question, text=sent["text"], deployment=deployment, client_id=sent["client_id"])
    return thread(request, question.conversation_id)


@require_POST
@login_required
@refusals_shown
def regenerate(request: Person, pk: UUID) -> HttpResponse:
    """Have the same question answered once more."""
    answer = find(queries.messages_of(request.user).filter(role=Message.Role.ASSISTANT), pk)
    sent = valid(AgainForm(request.POST))
    deployment = _deployment(request, sent["deployment"], queries.model_that_wrote(answer))
    actions.regenerate(answer, deployment=deployment, client_id=sent["client_id"], beside=sent["beside"])
    return thread(request, answer.conversation_id)


@require_POST
@login_required
def show(request: Person, pk: UUID) -> HttpResponse:
    """Show another branch."""
    message = find(queries.messages_of(request.user), pk)
    actions.show(message)
    return thread(request, message.conversation_id)


@require_safe
@login_required
def attachment(request: Person, pk: UUID) -> HttpResponse:
    """A file of one of your questions, to be saved: no browser runs what is in it."""
    found = find(queries.attachments_of(request.user), pk)
    data = files.bytes_of(found.file_id)
    if data is None:
        return _refuse(
            request, _("The file %(attachment)s is no longer kept.") % {"attachment": found.name}, status=410
        )
    headers = {
        "Content-Disposition": content_disposition_header(True, found.name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)


def _generation(request: Person, pk: UUID) -> Generation:
    return find(queries.generations_of(request.user), pk)


@require_POST
@login_required
def stop(request: Person, pk: UUID) -> HttpResponse:
    """Stop an answer."""
    generation = _generation(request, pk)
    actions.stop(generation)
    return thread(request, generation.message.conversation_id)


@require_POST
@login_required
@refusals_shown
def go_on(request: Person, pk: UUID) -> HttpResponse:
    """Let an answer go on that was cut."""
    generation = _generation(request, pk)
    actions.go_on(generation)
    return thread(request, generation.message.conversation_id)


@require_POST
@login_required
@refusals_shown
def rename(request: Person, pk: UUID) -> HttpResponse:
    """Give a conversation another title."""
    found = find(queries.conversations_of(request.user), pk)
    actions.rename(found, title=valid(TitleForm(request.POST))["title"])
    return HttpResponse(status=204) if is_partial(request) else redirect(found)


@require_POST
@login_required
@refusals_shown
def delete(request: Person, pk: UUID) -> HttpResponse:
    """Delete a conversation, and say when it is gone for good, or what keeps it."""
    found = find(queries.conversations_of(request.user), pk)
    actions.delete(found)
    found.refresh_from_db(fields=["deleted_at"])
    life = lifetimes.lifetime_of(found)
    said, undo = render_to_string("chat/_deleted.html", {"life": life}), _undo(found, life)
    if request.headers.get("X-Hearth-Partial") == "list":
        return render(request, "chat/_toast.html", {"said": said, "undo": undo})
    messages.success(request, said, extra_tags=undo)
    return HttpResponse(status=204) if is_partial(request) else redirect("chat:home")


def _undo(deleted: Conversation, life: Lifetime) -> str:
    """Return where a chat comes back from, or nothing where no time of grace is given."""
    return reverse("chat:restore", args=[deleted.pk]) if life.terms.grace_days else ""
