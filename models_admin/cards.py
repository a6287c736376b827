"""What administrators do with a registered file: its card, its marks, and what happens when it changed or is gone."""

from collections.abc import Mapping
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.authority import require
from accounts.bells import ring
from accounts.models import User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from models_admin.models import Deployment, ModelFile
from models_admin.registry import target

State = ModelFile.State
FIELDS = ("source", "intended_use", "limits", "notes")  # people write them: the log holds their names alone
ITSELF = gettext_lazy("A model does not replace itself. Choose another one, or none.")
NOT_CHANGED = gettext_lazy("This file has not changed since it was registered.")
STILL_NEEDED = gettext_lazy("This file is deployed, or not gone. It stays on the list.")
AWAY = gettext_lazy("Housekeeping cannot be reached. The folder is looked at again as soon as it is back.")


@transaction.atomic
def change_card(file: ModelFile, values: Mapping[str, str | bool], *, by: User) -> None:
    """Change what the card says, and whether it is a demo. Raises Refused."""
    require(by, Power.MANAGE_MODELS)
    current = ModelFile.objects.select_for_update().get(pk=file.pk)
    changed = [name for name in (*FIELDS, "demo") if name in values and getattr(current, name) != values[name]]
    if not changed:
        return
    ModelFile.objects.filter(pk=file.pk).update(**{name: values[name] for name in changed})
    changes: dict[str, tuple[object, object]] = {}
    if "demo" in changed:
        Deployment.objects.filter(model=file).update(demo=values["demo"])
        changes = {"demo": (current.demo, values["demo"])}
    texts = [name for name in changed if name in FIELDS]
    record(verbs.CARD_CHANGED, targets=[target(file)], changes=changes, facts={"fields": texts})


@transaction.atomic
def deprecate(file: ModelFile, *, deprecated: bool, replacement: ModelFile | None = None, by: User) -> None:
    """Mark a file as deprecated, with what should be used instead, or no longer so. Raises Refused and Refusal.

    What is deployed stays deployed: the mark tells administrators, and keeps it out of new deployments' first choice.
    """
    require(by, Power.MANAGE_MODELS)
    if replacement is not None and replacement.pk == file.pk:
        raise Refusal(ITSELF)
    current = ModelFile.objects.select_for_update().get(pk=file.pk)
    before = (current.deprecated, current.replacement_id)
    after = (deprecated, replacement.pk if deprecated and replacement else None)
    if before == after:
        return
    ModelFile.objects.filter(pk=file.pk).update(deprecated=after[0], replacement_id=after[1])
    changes = {"deprecated": (before[0], after[0]), "replacement": (before[1], after[1])}
    record(verbs.DEPRECATED, targets=[target(file)], changes=changes)


@transaction.atomic
def accept(file: ModelFile, *, by: User) -> None:
    """Register a file that has changed anew, as it is now. It is read and hashed first. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    current = ModelFile.objects.select_for_update().get(pk=file.pk)
    if current.state != State.REFUSED or not current.sha256:
        raise Refusal(NOT_CHANGED)
    fresh = {"sha256": "", "mark": "", "hashed": 0, "reason": ""}
    ModelFile.objects.filter(pk=file.pk).update(state=State.FOUND, **fresh)
    transaction.on_commit(partial(ring, "models.scan"))
    record(verbs.FILE_ACCEPTED, targets=[target(file)], changes={"sha256": (current.sha256, None)})


@transaction.atomic
def forget(file: ModelFile, *, by: User) -> None:
    """Take a file off the list that is gone and that no deployment has. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    current = ModelFile.objects.select_for_update().get(pk=file.pk)
    if current.state != State.GONE or current.deployments.exists():
        raise Refusal(STILL_NEEDED)
    facts = {"sha256": current.sha256}
    current.delete()
    record(verbs.FILE_FORGOTTEN, targets=[target(file)], facts=facts)


@transaction.atomic
def look_again(*, by: User) -> None:
    """Have the folder looked through at once. Raises Refused."""
    require(by, Power.MANAGE_MODELS)
    transaction.on_commit(partial(ring, "models.scan"))
    record(verbs.SCAN_ASKED)
