"""What is deployed, who may ask it, and who is there to host it."""

from datetime import timedelta
from functools import reduce
from operator import or_
from pathlib import Path
from uuid import UUID

from django.db.models import DateTimeField, Exists, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.db.models.lookups import LessThan
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import Standing, asking_team_of, asking_teams_of, standing_of, who_can
from accounts.models import Team, User
from accounts.roles import Power
from models_admin.models import Deployment, DeploymentTeam, Host, OutsidePolicy, Placement, TeamModel

# A host speaks every two seconds; five silences mean that it is gone.
SILENCE = timedelta(seconds=10)
NAME_TAKEN = gettext_lazy("Another model has this name; people could not tell them apart.")


def deployments_of(user: User) -> QuerySet[Deployment]:
    """Return the deployments this person may ask now, the oldest first."""
    return allowed_to(standing_of(user)).filter(enabled=True)


def allowed_to(standing: Standing) -> QuerySet[Deployment]:
    """Return the deployments, switched on or not, that any of the teams allows in which this person asks.

    What the organisation has denied a team stays denied; where it has allowed teams, only those may. Of the rest a team
    that has not chosen allows all. What leaves the premises has to be allowed, to the organisation and to the team. Who
    asks in no team is kept out by that, not by a choice.
    """
    if not standing.active:
        return Deployment.objects.none()
    rows = Deployment.objects.exclude(Q(endpoint__leaves=True) & ~Exists(OutsidePolicy.objects.filter(allowed=True)))
    asking = asking_teams_of(standing)
    if not asking:
        return rows
    chosen: dict[UUID, list[UUID]] = {}
    for team, deployment in TeamModel.objects.filter(team__in=asking).values_list("team", "deployment"):
        chosen.setdefault(team, []).append(deployment)
    return rows.filter(reduce(or_, (_allowed_in(team, chosen.get(team)) for team in asking)))


def _allowed_in(team: UUID, chosen: list[UUID] | None) -> Q:
    """Match what one team may ask; `chosen` is its own choice, None where it has not chosen."""
    said = DeploymentTeam.objects.filter(deployment=OuterRef("pk"))
    mine = said.filter(team=team)
    open_to_all = ~Exists(said.filter(allowed=True)) & ~Q(endpoint__leaves=True)
    may = ~Exists(mine.filter(allowed=False)) & (Exists(mine.filter(allowed=True)) | open_to_all)
    return may if chosen is None else may & Q(pk__in=chosen)


def may_still_leave(team: UUID, deployment: Deployment) -> bool:
    """Whether what this team asks may leave the premises for a model, as things are now."""
    chosen = list(TeamModel.objects.filter(team=team).values_list("deployment", flat=True)) or None
    let = DeploymentTeam.objects.filter(deployment=deployment, team=team, allowed=True)
    rows = Deployment.objects.filter(Exists(let), Exists(OutsidePolicy.objects.filter(allowed=True)), pk=deployment.pk)
    return rows.filter(_allowed_in(team, chosen)).exists()


def default_of(standing: Standing) -> UUID | None:
    """Return the model that new chats of this person ask, where the team in which they live has named one."""
    usual = TeamModel.objects.filter(team=asking_team_of(standing), is_default=True)
    return usual.values_list("deployment", flat=True).first()


def choice_of(team: Team) -> dict[UUID, bool]:
    """Return the models that a team has chosen, each with whether it is the default. Nothing: every model."""
    return dict(TeamModel.objects.filter(team=team).order_by("pk").values_list("deployment", "is_default"))


def why_not(standing: Standing) -> str:
    """Return why this person cannot ask a model, and who can change it."""
    why = _("Your team does not use this model, or it is switched off.")
    return _("%(why)s %(standing)s. Choose another one, or copy what you wrote and reload the page.") % {
        "why": why,
        "standing": _who_chooses(standing),
    }


def why_none(standing: Standing) -> str:
    """Return why this person can ask none of the models that are on, and who can change it. None is on: nothing."""
    if not Deployment.objects.filter(enabled=True).exists():
        return ""
    return _("The models that your team has chosen are switched off at present. %(standing)s.") % {
        "standing": _who_chooses(standing)
    }


def _who_chooses(standing: Standing) -> str:
    """Return who chooses for the team in which this person's new chats live."""
    pk = asking_team_of(standing)
    return who_can(Power.CHOOSE_TEAM_MODELS, Team.objects.filter(pk=pk).first() if pk else None)


def chosen() -> Deployment | None:
    """Return the deployment that is hosted already, or None where the built-in model may take its place.

    A demo whose file is gone was the built-in one of a tree that has moved: nobody chose it.
    """
    hosted = Deployment.objects.filter(enabled=True)
    return next((one for one in hosted if not one.demo or Path(one.path).is_file()), None)


def is_named(name: str, *, besides: Deployment | None = None) -> bool:
    """Whether another model has this name, in whatever case."""
    others = Deployment.objects.exclude(pk=besides.pk) if besides else Deployment.objects.all()
    return others.filter(name__iexact=name).exists()


def places_of(deployment: UUID) -> int:
    """Return on how many machines a model is ready."""
    there = Placement.objects.filter(deployment=deployment, state=Deployment.State.READY)
    return there.filter(host__in=alive()).count()


def alive() -> QuerySet[Host]:
    """Return the machines that have spoken lately, in the database's time."""
    return Host.objects.filter(heard_at__gte=Now() - SILENCE)


def unheard() -> Q:
    """Match deployments that no host has spoken for lately, in the database's time.

    While the database was away nobody could speak: it counts from its start.
    """
    began = Func(function="pg_postmaster_start_time", output_field=DateTimeField())
    return Q(heard_at__isnull=True) | (Q(heard_at__lt=Now() - SILENCE) & Q(LessThan(began, Now() - SILENCE)))
