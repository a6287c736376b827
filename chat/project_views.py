"""The pages of projects: what is in one, what models read before its chats, and who sees it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.authority import asking_team_of, asking_teams_of, standing_of
from accounts.doors import sent
from accounts.models import Team
from accounts.roles import Power
from audit import refusals, verbs
from audit.entry import Target
from chat import arranging, lists, projects
from chat.arranging import Plan
from chat.forms import LONGEST_INSTRUCTIONS, NewProjectForm, ProjectForm, first_error
from chat.models import Project
from chat.refusal import Refusal
from chat.views import Person, find, refusals_shown

PAGE = 50


def _seen(request: Person, pk: UUID) -> Project:
    """Return a project that this person sees, and leave their standing for the page."""
    request.standing = standing_of(request.user)
    return find(projects.projects_of(request.user).select_related("owner"), pk)


def _plan(form: ProjectForm) -> Plan:
    return Plan(form.cleaned_data["name"], form.cleaned_data["instructions"], form.cleaned_data["shared"])


@require_safe
@login_required
def show(request: Person, pk: UUID) -> HttpResponse:
    """A project: your chats in it, and what models read before them."""
    project, page = _seen(request, pk), request.GET.get("page", "1")
    if not page.isdecimal() or not 1 <= int(page) <= 10_000:
        raise Http404
    start = (int(page) - 1) * PAGE
    rows = list(projects.chats_in(project, request.user)[start : start + PAGE + 1])
    context: dict[str, Any] = {
        "project": project,
        "rows": rows[:PAGE],
        "next_page": int(page) + 1 if len(rows) > PAGE else None,
        "further": int(page) > 1,
        "own": project.owner_id == request.user.pk,
        "editable": projects.editable(project, user=request.user, standing=request.standing),
        "asks": request.standing.allows(Power.ASK, project.team_id),
    }
    return _page(request, "chat/project.html", context)


def _page(request: Person, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    later = {"later_page": context.pop("next_page", None)}  # the list beside it has pages of its own
    return render(request, template, lists.around(request.user) | later | context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refusals_shown
def make(request: Person) -> HttpResponse:
    """Make a project of your own."""
    request.standing = standing_of(request.user)
    form = NewProjectForm(sent(request))
    if form.is_valid():
        team = _team(request, form.cleaned_data["team"])
        return redirect(arranging.make_project(request.user, plan=_plan(form), team=team))
    teams = Team.objects.filter(pk__in=asking_teams_of(request.standing)).order_by("name")
    return _form(request, form, {"teams": teams})


def _team(request: Person, wanted: UUID | None) -> Team:
    """Return the team of a new project: the chosen one, or that of new chats. One of others is not there."""
    pk = wanted or asking_team_of(request.standing)
    if pk is None:
        raise Refusal(_("You may not ask questions in any team, and so make no projects."))
    if pk not in asking_teams_of(request.standing):
        refusals.refused(verbs.ACCESS_REFUSED, targets=[Target("team", pk)])
        raise Http404
    return Team.objects.get(pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refusals_shown
def change(request: Person, pk: UUID) -> HttpResponse:
    """Change a project: its owner, or who keeps the team that it is shared with."""
    project = _seen(request, pk)
    form = ProjectForm(sent(request))
    if form.is_valid():
        arranging.change_project(project, plan=_plan(form), by=request.user)
        messages.success(request, _("The project is changed."))
        return redirect(project)
    if not projects.editable(project, user=request.user, standing=request.standing):
        raise Refusal(str(arranging.NOT_YOURS))
    return _form(request, form, {"project": project, "own": project.owner_id == request.user.pk})


def _form(request: Person, form: ProjectForm, context: dict[str, Any]) -> HttpResponse:
    said = {"form": form, "longest": LONGEST_INSTRUCTIONS, "why": first_error(form) if form.is_bound else ""}
    return _page(request, "chat/project_form.html", said | context, status=400 if form.is_bound else 200)


@require_POST
@login_required
@refusals_shown
def delete(request: Person, pk: UUID) -> HttpResponse:
    """Delete a project; its chats stay."""
    project = _seen(request, pk)
    arranging.delete_project(project, by=request.user)
    messages.success(request, _("The project is deleted. Its chats are in the list."))
    return redirect("chat:home")
