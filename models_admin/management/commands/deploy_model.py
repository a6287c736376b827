"""`manage.py deploy_model --path model.gguf`: host this file. `--builtin`: host the one that Hearth brings along."""

from argparse import BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actor import acting, operator
from models_admin.actions import deploy, deploy_builtin
from models_admin.engine.header import BadModel
from models_admin.models import Deployment
from models_admin.queries import chosen

SETTINGS = (
    *("slots", "context", "threads", "shelf_megabytes"),
    *("gpu_layers", "main_gpu", "tensor_split", "flash_attention", "kv_type"),
)


class NoBuiltin(CommandError):
    """This tree came without the built-in model, or its file is damaged."""


class Command(BaseCommand):
    """Host one model file."""

    help = "Host this model file; others are switched off."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--path", default="")
        which.add_argument("--builtin", action="store_true", help="the demo model that Hearth brings along")
        parser.add_argument("--unless-chosen", action="store_true", help="keep what is hosted already")
        parser.add_argument("--name", default="")
        parser.add_argument("--slots", type=int, help="answers at once")
        parser.add_argument("--context", type=int, help="tokens per slot")
        parser.add_argument("--threads", type=int, help="0: every core")
        parser.add_argument("--gpu-layers", type=int, help="layers on the GPU; -1: all")
        parser.add_argument("--main-gpu", type=int)
        parser.add_argument("--tensor-split", type=float, nargs="+", help="shares of the GPUs, for example 3 1")
        parser.add_argument("--flash-attention", action=BooleanOptionalAction, default=None)
        parser.add_argument("--kv-type", choices=Deployment.KvType.values)
        parser.add_argument("--shelf-megabytes", type=int, help="memory for the states of idle conversations")

    def handle(self, *args: Any, path: str, name: str, unless_chosen: bool, **options: Any) -> None:
        settings = {field: options[field] for field in SETTINGS if options.get(field) is not None}
        if settings.get("kv_type", "f16") != "f16" and settings.get("flash_attention") is False:
            raise CommandError("A compressed KV cache needs flash attention; leave --no-flash-attention out.")
        deployment = chosen() if unless_chosen else None
        if deployment is None:
            try:
                with acting(operator()):
                    deployment = _host_builtin(name, settings) if options["builtin"] else _host(path, name, settings)
            except NoBuiltin as reason:
                if not unless_chosen:
                    raise
                self.stdout.write(f"Model      none. {reason} Another is chosen with make run MODEL=path.gguf")
                return
        self.stdout.write(f"Model      {deployment.name}")


def _host(path: str, name: str, settings: dict[str, Any]) -> Deployment:
    if path.startswith("stub:"):  # the first-class fake, for tests of everything around the engine
        return deploy(Path(path), name=name or "Stub", **settings)
    file = Path(path).expanduser().resolve()
    if not file.is_file():
        raise CommandError(f"There is no model file at {path}.")
    return deploy(file, name=name or file.stem, **settings)


def _host_builtin(name: str, settings: dict[str, Any]) -> Deployment:
    try:
        return deploy_builtin(name=name, **settings)
    except BadModel as reason:
        raise NoBuiltin(f"The built-in model cannot be hosted: {reason}") from None
