"""The acts of those who keep the registry of models, and what housekeeping does there; and their entries."""

from io import BytesIO
from pathlib import Path
from typing import Any

from acts import Case
from django.conf import settings
from factories import make_owner
from tiny_gguf import write_tiny_gguf

from accounts.models import User
from models_admin import cards, deploying, hashing, registry, uploading
from models_admin.models import Deployment, ModelFile

MADE = "accounts.person_added"
REGISTERED = "models.registered"
DEPLOYED = "models.deployed"
TEXT = "Secret words about this model."
LATER = 4e9  # seconds since 1970: whatever was written rests by then


def own_folder() -> Path:
    """Give this test an empty folder of models."""
    folder = Path(settings.MODELS)
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    return folder


def registered(name: str = "a.gguf", **fields: Any) -> ModelFile:
    """Put a tiny model into the folder and have it registered."""
    path = write_tiny_gguf(own_folder() / name, **fields)
    look()
    return ModelFile.objects.get(path=str(path.resolve()))


def look() -> None:
    """Have housekeeping look and hash, of the folder alone."""
    registry.scan(now=LATER)
    hashing.hash_waiting()


def changed() -> ModelFile:
    """A registered file that another one has taken the place of."""
    file = registered()
    write_tiny_gguf(Path(file.path), seed=1)
    look()
    return ModelFile.objects.get(pk=file.pk)


def gone() -> ModelFile:
    file = registered()
    Path(file.path).unlink()
    look()
    return ModelFile.objects.get(pk=file.pk)


def upload(ada: User) -> Any:
    own_folder()
    return uploading.begin(name="b.gguf", size=4, by=make_owner())


def card(_: User) -> None:
    cards.change_card(registered(), {"notes": TEXT, "demo": True}, by=make_owner())


def deprecated(_: User) -> None:
    cards.deprecate(registered(), deprecated=True, by=make_owner())


def forgotten(_: User) -> None:
    cards.forget(gone(), by=make_owner())


def take(ada: User) -> None:
    uploading.take(upload(ada), start=0, body=BytesIO(b"GGUF"), length=4)


def deployed(*, on: bool = True) -> Deployment:
    """Have a registered file deployed through the pages."""
    settings = {"name": "Everyday", "enabled": on, "system_prompt": TEXT}
    return deploying.create(registered(), deploying.Plan(settings), by=make_owner())


def changed_deployment(_: User) -> None:
    settings = {"slots": 2, "temperature": 0.1, "system_prompt": f"{TEXT} More."}
    deploying.change(deployed(), deploying.Plan(settings), by=make_owner())


def switched_off_and_on(_: User) -> None:
    deployment = deployed()
    for on in (False, True):
        deploying.switch(deployment, on=on, by=make_owner())


BOTH = (REGISTERED, REGISTERED)  # the built-in file is always there
EXEMPT = {
    "models_admin.placing.loading": "an observation on the way to loaded or refused",
    "models_admin.placing.draining": "an observation on the way to unloaded",
    "models_admin.placing.may_replace": "an observation on the way to unloaded",
    "models_admin.placing.sum_up": "sums up observations",
    "models_admin.placing.settle_silent": "an observation: a machine went away",
    "models_admin.placing.is_on_trial": "reads",
    "models_admin.placing.resting": "reads",
    "models_admin.placing.may_load": "reads",
    "models_admin.placing.served_elsewhere": "reads",
    "models_admin.placing.forget_old": "cuts history; the log has what mattered of it",
    "models_admin.registry.enlist": "is part of a deployment, whose entry names the file",
    "models_admin.registry.expected": "reads",
    "models_admin.registry.target": "names a target",
    "models_admin.registry.refused_as_another": "writes the entry of a scan or a hash",
    "models_admin.hashing.sha256_with": "reads",
    "models_admin.deploying.target": "names a target",
    "models_admin.deploying.why_not_removed": "reads",
    "models_admin.uploading.uploads_of": "reads",
    "models_admin.uploading.incoming": "computes",
    "models_admin.uploading.token_of": "computes",
    "models_admin.uploading.allowance": "computes",
    "models_admin.uploading.received": "reads",
    "models_admin.uploading.drop_abandoned": "cancels, with the entries of that",
}
CASES = {
    "models_admin.registry.scan": Case(lambda _: gone(), (*BOTH, "models.file_gone"), {}),
    "models_admin.hashing.hash_waiting": Case(
        lambda _: changed(), (*BOTH, "models.file_changed"), {"result": "refused"}
    ),
    "models_admin.cards.change_card": Case(
        card,
        (*BOTH, MADE, "models.card_changed"),
        {"facts": {"fields": ["notes"]}, "changes": {"demo": {"old": False, "new": True}}},
    ),
    "models_admin.cards.deprecate": Case(
        deprecated,
        (*BOTH, MADE, "models.deprecated"),
        {"changes": {"deprecated": {"old": False, "new": True}, "replacement": {"old": None, "new": None}}},
    ),
    "models_admin.cards.accept": Case(
        lambda _: cards.accept(changed(), by=make_owner()),
        (*BOTH, "models.file_changed", MADE, "models.file_accepted"),
        {},
    ),
    "models_admin.cards.forget": Case(forgotten, (*BOTH, "models.file_gone", MADE, "models.file_forgotten"), {}),
    "models_admin.cards.look_again": Case(
        lambda _: cards.look_again(by=make_owner()), (MADE, "models.scan_asked"), {"targets": []}
    ),
    "models_admin.uploading.begin": Case(upload, (MADE, "models.upload_begun"), {"facts": {"bytes": 4}}),
    "models_admin.uploading.take": Case(
        take, (MADE, "models.upload_begun", "models.uploaded"), {"facts": {"bytes": 4}}
    ),
    "models_admin.uploading.cancel": Case(
        lambda ada: uploading.cancel(upload(ada)),
        (MADE, "models.upload_begun", "models.upload_cancelled"),
        {"facts": {"bytes": 0}},
    ),
    "models_admin.deploying.create": Case(
        lambda _: deployed(), (*BOTH, MADE, DEPLOYED), {"changes": {"name": {"old": None, "new": "Everyday"}}}
    ),
    "models_admin.deploying.change": Case(
        changed_deployment,
        (*BOTH, MADE, DEPLOYED, "models.deployment_changed"),
        {
            "facts": {"fields": ["system_prompt"]},
            "changes": {"slots": {"old": 8, "new": 2}, "temperature": {"old": 0.7, "new": 0.1}},
        },
    ),
    "models_admin.deploying.switch": Case(
        switched_off_and_on,
        (*BOTH, MADE, DEPLOYED, "models.switched_off", "models.switched_on"),
        {"changes": {"enabled": {"old": False, "new": True}}},
    ),
    "models_admin.deploying.restart": Case(
        lambda _: deploying.restart(deployed(), by=make_owner()), (*BOTH, MADE, DEPLOYED, "models.restarted"), {}
    ),
    "models_admin.deploying.retry": Case(
        lambda _: deploying.retry(deployed(), by=make_owner()), (*BOTH, MADE, DEPLOYED, "models.retried"), {}
    ),
    "models_admin.deploying.remove": Case(
        lambda _: deploying.remove(deployed(on=False), by=make_owner()),
        (*BOTH, MADE, DEPLOYED, "models.deployment_removed"),
        {},
    ),
}
