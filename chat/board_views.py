"""The board's page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.doors import Keeper, keepers
from accounts.roles import Power
from chat import board, day
from models_admin.models import Deployment


@require_safe
@keepers(Power.MANAGE_MODELS)
def show(request: Keeper) -> HttpResponse:
    """What every model and machine does now, and did in the last day. The socket keeps it fresh."""
    drawn = board.parts()
    context = {
        "models": {name: html for name, html in drawn.items() if name.startswith("model-")},
        "machines": {name: html for name, html in drawn.items() if name.startswith("machine-")},
        "lately": drawn["lately"],
        "charts": day.charts(list(Deployment.objects.values_list("pk", flat=True))),
    }
    return render(request, "chat/board/page.html", context)
