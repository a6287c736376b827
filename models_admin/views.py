"""Which models a team uses. For the team's administrators and the organisation's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.authority import require, teams_allowed
from accounts.doors import Keeper, found, keepers, sent
from accounts.refusal import Refusal
from accounts.roles import Power
from models_admin import actions
from models_admin.forms import TeamModelsForm


@require_http_methods(["GET", "HEAD", "POST"])
@keepers(Power.SEE_TEAM_PEOPLE)
def team_models(request: Keeper, team: UUID) -> HttpResponse:
    """Show which models a team uses, and change it. Another team is not there."""
    kept = found(request, teams_allowed(request.standing, Power.SEE_TEAM_PEOPLE), team)
    require(request.user, Power.CHOOSE_TEAM_MODELS, kept)
    form = TeamModelsForm(sent(request), team=kept)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        models, default = [model.pk for model in data["models"]], data["default"] and data["default"].pk
        try:
            actions.choose_models(kept, models=models, default=default, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Which models {kept.name} uses is saved, and holds from the next question on.")
            return redirect("models_admin:team_models", team)
    context = {"team": kept, "form": form}
    return render(request, "models_admin/team_models.html", context, status=400 if form.is_bound else 200)
