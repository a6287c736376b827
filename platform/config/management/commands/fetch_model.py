"""`manage.py fetch_model`: fetch a small instruct model from a hub, or the one that is named."""

import logging
import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.env import env


class Command(BaseCommand):
    """Fetch a model file when an operator asks for it."""

    help = "Fetch a GGUF file from a hub; nothing else calls outside but `egress --self-test`."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repo", default="", help="owner/name; a small instruct model when left out")
        parser.add_argument("--file", default="", help="the file's name in the repository")
        parser.add_argument("--to", type=Path, help="the folder; models/ under HEARTH_VAR when left out")
        parser.add_argument("--deploy", action="store_true", help="host it at once; needs the database")

    def handle(self, *args: Any, repo: str, file: str, to: Path | None, deploy: bool, **options: Any) -> None:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # read when the package is imported
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells every address, signed ones too
        try:
            from models_admin import fetching
        except ImportError:
            raise CommandError("The package huggingface-hub is missing; `make model` installs it.") from None
        if bool(repo) != bool(file):
            raise CommandError("A repository and a file in it are named together: REPO=owner/name FILE=name.gguf")
        folder = (to or env().var / "models").resolve()
        repo, file = repo or fetching.REPOSITORY, file or fetching.FILE
        self.stderr.write(f"Fetching   {file} from {repo}")
        try:
            path = fetching.fetch(folder, repository=repo, file=file)
        except fetching.CannotFetch as reason:
            raise CommandError(str(reason)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. What has come is kept; the next call goes on behind it.") from None
        self.stdout.write(f"Fetched    {path}\nSHA-256    {fetching.record_of(path).read_text().split()[0]}")
        if deploy:
            call_command("deploy_model", "--path", str(path), stdout=self.stdout)
        else:
            self.stdout.write(f"Host it    make run MODEL={path}")
