"""What changes a deployment, and which teams use it."""

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.authority import require
from accounts.models import Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.teams import team_target
from audit import verbs
from audit.actions import record
from audit.entry import Target
from models_admin import builtin, registry
from models_admin.engine.header import BadModel, read_header
from models_admin.models import Deployment, TeamModel
from models_admin.queries import choice_of

NO_SUCH_MODEL = gettext_lazy("One of these models is no longer there. Look at the list once more.")
OTHER_DEFAULT = gettext_lazy("The model that new chats ask must be one that the team uses.")


@transaction.atomic
def deploy(path: Path, *, name: str, **settings: object) -> Deployment:
    """Make this file the one that is hosted; other deployments are switched off, their history stays.

    `settings` are fields of the deployment (slots, context, gpu_layers ...); what is not named stays as it was.
    """
    fresh = {"enabled": True, "name": name, "demo": _is_demo(path), **settings}
    there = Deployment.objects.select_for_update().filter(path=str(path)).order_by("created_at").first()
    known = None if there is None else {name: getattr(there, name) for name in fresh}
    deployment = there or Deployment(path=str(path))
    for name, value in (fresh | {"state": Deployment.State.COLD, "reason": "", "model": registry.enlist(path)}).items():
        setattr(deployment, name, value)
    deployment.revision += known is not None
    deployment.save()
    others = Deployment.objects.select_for_update().filter(enabled=True).exclude(pk=deployment.pk)
    off = list(others.values_list("pk", flat=True))
    others.update(enabled=False)
    for pk in off:
        record(verbs.SWITCHED_OFF, targets=[Target("deployment", pk)], changes={"enabled": (True, False)})
    record(verbs.DEPLOYED, targets=[Target("deployment", deployment.pk)], changes=_changes(known, fresh, path))
    return deployment


def _is_demo(path: Path) -> bool:
    """Return whether the file says that it is a demo. What is wrong with a bad file is said when it is loaded."""
    try:
        return read_header(str(path)).demo
    except BadModel:
        return False


def deploy_builtin(*, name: str = "", **settings: object) -> Deployment:
    """Host the model that Hearth brings along. Raises BadModel where its file is missing or damaged."""
    header = read_header(str(builtin.FILE))
    known = Deployment.objects.filter(path=str(builtin.FILE)).exists()
    usual = {} if known else builtin.settings_for(header)
    return deploy(builtin.FILE, name=name or header.name, **(usual | settings))


def _changes(known: dict[str, object] | None, fresh: dict[str, object], path: Path) -> dict[str, tuple[object, object]]:
    """Return what is other than before: all of it, with the file, where the deployment is new."""
    if known is None:
        return {"path": (None, str(path))} | {name: (None, new) for name, new in fresh.items()}
    return {name: (known[name], new) for name, new in fresh.items() if known[name] != new}


@transaction.atomic
def choose_models(team: Team, *, models: Collection[UUID], default: UUID | None, by: User) -> None:
    """Let a team ask these models alone, `default` in new chats; no models: every one. Raises Refusal.

    What is being answered by others goes on to its end.
    """
    require(by, Power.CHOOSE_TEAM_MODELS, team)
    Team.objects.select_for_update().get(pk=team.pk)
    if default is not None and default not in models:
        raise Refusal(OTHER_DEFAULT)
    if Deployment.objects.filter(pk__in=models).count() != len(set(models)):
        raise Refusal(NO_SUCH_MODEL)
    before, after = choice_of(team), {pk: pk == default for pk in models}
    if before == after:
        return
    TeamModel.objects.filter(team=team).delete()
    TeamModel.objects.bulk_create(
        TeamModel(team=team, deployment_id=pk, is_default=usual) for pk, usual in after.items()
    )
    changes: dict[str, tuple[object, object]] = {"models": (sorted(map(str, before)), sorted(map(str, after)))}
    changes["default"] = (_default(before), default)
    record(verbs.TEAM_CHOSE, targets=[team_target(team)], changes=changes)


def _default(choice: dict[UUID, bool]) -> UUID | None:
    return next((pk for pk, usual in choice.items() if usual), None)
