"""`manage.py deploy_model --path model.gguf`: host this file."""

from argparse import BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actor import acting, operator
from models_admin.actions import deploy
from models_admin.models import Deployment

SETTINGS = (
    *("slots", "context", "threads", "shelf_megabytes"),
    *("gpu_layers", "main_gpu", "tensor_split", "flash_attention", "kv_type"),
)


class Command(BaseCommand):
    """Host one model file."""

    help = "Host this model file; others are switched off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--path", required=True)
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

    def handle(self, *args: Any, path: str, name: str, **options: Any) -> None:
        settings = {field: options[field] for field in SETTINGS if options.get(field) is not None}
        if settings.get("kv_type", "f16") != "f16" and settings.get("flash_attention") is False:
            raise CommandError("A compressed KV cache needs flash attention; leave --no-flash-attention out.")
        if path.startswith("stub:"):  # the first-class fake, for tests of everything around the engine
            file, name = Path(path), name or "Stub"
        else:
            file = Path(path).expanduser().resolve()
            if not file.is_file():
                raise CommandError(f"There is no model file at {path}.")
        with acting(operator()):
            deployment = deploy(file, name=name or file.stem, **settings)
        self.stdout.write(f"Model      {deployment.name}")
