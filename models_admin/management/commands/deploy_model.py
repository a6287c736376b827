"""`manage.py deploy_model --path model.gguf`: host this file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from models_admin.actions import deploy


class Command(BaseCommand):
    """Host one model file."""

    help = "Host this model file; others are switched off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--path", required=True)
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, path: str, name: str, **options: Any) -> None:
        if path.startswith("stub:"):  # the first-class fake, for tests of everything around the engine
            deployment = deploy(Path(path), name=name or "Stub")
        else:
            file = Path(path).expanduser().resolve()
            if not file.is_file():
                raise CommandError(f"There is no model file at {path}.")
            deployment = deploy(file, name=name or file.stem)
        self.stdout.write(f"Model      {deployment.name}")
