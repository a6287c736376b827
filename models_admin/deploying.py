"""What administrators do with deployments. The rows are what is desired: hosts read them, and make them true."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import PROTECT, F, ForeignObjectRel, ProtectedError
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from accounts.authority import require
from accounts.models import User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target
from audit.verbs import Verb
from models_admin.engine.adapter import ADAPTER
from models_admin.models import Deployment, DeploymentTeam, Host, ModelFile, TeamModel, WornAdapter
from models_admin.queries import alive
from models_admin.specs import LOADING

State = Deployment.State
SAMPLING = ("temperature", "top_k", "top_p", "min_p", "repeat_penalty", "max_tokens")
USING = ("name", "keeping", "idle_minutes", *SAMPLING, "may_change")
TEXTS = ("system_prompt",)  # people write them: the log holds their names alone
ANEW = {*LOADING, "adapters"}  # what a host only learns by loading it anew

NOT_READY = gettext_lazy("This file is not ready to be deployed: look at its card.")
IS_OFF = gettext_lazy("This model is switched off. Switch it on first.")
SWITCH_OFF_FIRST = gettext_lazy("Switch it off first; then it can be removed.")
STILL_HELD = gettext_lazy("A machine still has it in memory. It can be removed in a moment.")
CHOSEN = gettext_lazy("A team has chosen this model, so it stays on the list. It can be switched off instead.")
HAS_ANSWERED = gettext_lazy(
    "There are chats with answers of this model, so it stays on the list. It can be switched off instead."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deployment should be like; what is None stays as it is. `settings` are some of its fields.

    `hosts`: where it runs, empty: everywhere it can. `teams`: whether each is allowed or denied. `adapters`: the weight
    of each, in order.
    """

    settings: Mapping[str, Any]
    hosts: Collection[UUID] | None = None
    teams: Mapping[UUID, bool] | None = None
    adapters: Mapping[UUID, float] | None = None


def target(deployment: Deployment) -> Target:
    """Return the deployment as the audit log names it."""
    return Target("deployment", deployment.pk)


@transaction.atomic
def create(file: ModelFile, plan: Plan, *, by: User) -> Deployment:
    """Have a registered file hosted; other deployments stay as they are. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    current = ModelFile.objects.select_for_update().get(pk=file.pk)
    if not current.is_ready or current.kind == ADAPTER:
        raise Refusal(NOT_READY)
    deployment = Deployment(path=current.path, model=current, demo=current.demo, **plan.settings)
    deployment.save()
    _connect(deployment, plan)
    fresh: dict[str, object] = {"path": current.path} | _said(deployment)
    record(verbs.DEPLOYED, targets=[target(deployment)], changes={name: (None, new) for name, new in fresh.items()})
    return deployment


@transaction.atomic
def change(deployment: Deployment, plan: Plan, *, by: User) -> None:
    """Give a deployment other settings. Hosts load it anew only where they must. Raises Refused."""
    require(by, Power.MANAGE_MODELS)
    current = _locked(deployment)
    before, texts = _said(current), [name for name in TEXTS if _differs(current, name, plan)]
    for name, value in plan.settings.items():
        setattr(current, name, value)
    current.save(update_fields=list(plan.settings))
    _connect(current, plan)
    changes = {name: (before[name], new) for name, new in _said(current).items() if before[name] != new}
    if changes.keys() & ANEW:
        Deployment.objects.filter(pk=current.pk).update(revision=F("revision") + 1)
    if changes or texts:
        record(verbs.DEPLOYMENT_CHANGED, targets=[target(current)], changes=changes, facts={"fields": texts})


def _differs(deployment: Deployment, name: str, plan: Plan) -> bool:
    return name in plan.settings and getattr(deployment, name) != plan.settings[name]


def _locked(deployment: Deployment) -> Deployment:
    return Deployment.objects.select_for_update().get(pk=deployment.pk)


def _connect(deployment: Deployment, plan: Plan) -> None:
    if plan.hosts is not None:
        deployment.hosts.set(Host.objects.filter(pk__in=plan.hosts))
    if plan.teams is not None:
        deployment.said_of_teams.all().delete()
        DeploymentTeam.objects.bulk_create(
            DeploymentTeam(deployment=deployment, team_id=pk, allowed=allowed) for pk, allowed in plan.teams.items()
        )
    if plan.adapters is not None:
        deployment.worn.all().delete()
        WornAdapter.objects.bulk_create(
            WornAdapter(deployment=deployment, file_id=pk, scale=scale, position=position)
            for position, (pk, scale) in enumerate(plan.adapters.items())
        )


def _said(deployment: Deployment) -> dict[str, object]:
    """Return how a deployment is set, as the log has it: ids and settings, no texts."""
    teams = dict(deployment.said_of_teams.values_list("team", "allowed"))
    return {name: getattr(deployment, name) for name in (*LOADING, *USING)} | {
        "hosts": sorted(map(str, deployment.hosts.values_list("pk", flat=True))),
        "adapters": [f"{one.file_id} at {one.scale:g}" for one in deployment.worn.all()],
        "teams_allowed": sorted(str(pk) for pk, allowed in teams.items() if allowed),
        "teams_denied": sorted(str(pk) for pk, allowed in teams.items() if not allowed),
    }


@transaction.atomic
def switch(deployment: Deployment, *, on: bool, by: User) -> None:
    """Switch a model on or off. What is being answered goes on to its end. Raises Refused."""
    require(by, Power.MANAGE_MODELS)
    if Deployment.objects.filter(pk=deployment.pk, enabled=not on).update(enabled=on):
        verb = verbs.SWITCHED_ON if on else verbs.SWITCHED_OFF
        record(verb, targets=[target(deployment)], changes={"enabled": (not on, on)})


@transaction.atomic
def restart(deployment: Deployment, *, by: User) -> None:
    """Have every machine let its answers end and load the model anew. Raises Refused and Refusal."""
    _on(deployment, verbs.RESTARTED, by)
    Deployment.objects.filter(pk=deployment.pk).update(revision=F("revision") + 1)


@transaction.atomic
def retry(deployment: Deployment, *, by: User) -> None:
    """Have machines that rest from a model, or refused it, try it at once. Raises Refused and Refusal."""
    _on(deployment, verbs.RETRIED, by)
    deployment.placements.update(retry_at=Now())


def _on(deployment: Deployment, verb: Verb, by: User) -> None:
    """Write down what is done with a model that is on. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    if not _locked(deployment).enabled:
        raise Refusal(IS_OFF)
    record(verb, targets=[target(deployment)])


@transaction.atomic
def remove(deployment: Deployment, *, by: User) -> None:
    """Take a deployment that nothing hangs on off the list; its file stays. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    current = _locked(deployment)
    if why := why_not_removed(current):
        raise Refusal(why)
    try:
        with transaction.atomic():
            current.delete()
    except ProtectedError:
        raise Refusal(HAS_ANSWERED) from None
    facts = {"path": deployment.path} if deployment.path else {"endpoint": str(deployment.endpoint_id)}
    record(verbs.DEPLOYMENT_REMOVED, targets=[target(deployment)], facts=facts)


def why_not_removed(deployment: Deployment) -> str:
    """Return why a deployment cannot be removed now, as a sentence, or nothing."""
    if TeamModel.objects.filter(deployment=deployment).exists():
        return str(CHOSEN)
    if any(_has_rows(relation, deployment) for relation in Deployment._meta.get_fields(include_hidden=True)):
        return str(HAS_ANSWERED)
    if deployment.enabled:
        return str(SWITCH_OFF_FIRST)
    held = deployment.placements.filter(host__in=alive(), state__in=Deployment.IN_MEMORY)
    return str(STILL_HELD) if held.exists() else ""


def _has_rows(relation: object, deployment: Deployment) -> bool:
    """Whether rows stand behind this relation that keep a deployment from being deleted. The first one tells."""
    if not isinstance(relation, ForeignObjectRel) or relation.on_delete is not PROTECT:
        return False
    rows = relation.related_model._base_manager.filter(**{relation.field.name: deployment})
    return bool(rows.exists())
