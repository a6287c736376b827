"""Model files from a hub, for those who are online and whose operator allows it.

Nothing here calls outside. The command does, in a process of housekeeping's; this watches how far it is.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.authority import require
from accounts.bells import ring
from accounts.models import User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.turns import alone
from audit import verbs
from audit.actions import record
from audit.entry import Result, Target
from models_admin import folder
from models_admin.models import LONGEST_SENTENCE, Download

State = Download.State
LOOK_SECONDS = 1.0
LOCK = 0x48554200  # an advisory lock: one file at a time
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
FILE = re.compile(r"(?:[A-Za-z0-9][\w.-]*/)*[A-Za-z0-9][\w.-]*\.gguf")
NOT_ALLOWED = gettext_lazy(
    "The operator does not let Hearth fetch from a hub (HEARTH_HUB). Upload the file, or put it into the folder."
)
NO_REPOSITORY = gettext_lazy("A repository reads owner/name.")
NO_FILE = gettext_lazy("The file is named as in the repository, and ends with .gguf.")
UNDER_WAY = gettext_lazy("This file is being fetched already.")
BROKEN = gettext_noop("Housekeeping was ended in the middle. What has come is kept; ask for it again to go on.")


def target(download: Download) -> Target:
    """Return the download as the audit log names it."""
    return Target("download", download.pk)


@transaction.atomic
def ask(*, repository: str, file: str, by: User) -> Download:
    """Have housekeeping fetch a file. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    if not settings.HUB:
        raise Refusal(NOT_ALLOWED)
    if not REPOSITORY.fullmatch(repository):
        raise Refusal(NO_REPOSITORY)
    if not FILE.fullmatch(file):
        raise Refusal(NO_FILE)
    if Download.objects.filter(repository=repository, file=file, state__in=(State.ASKED, State.RUNNING)).exists():
        raise Refusal(UNDER_WAY)
    download = Download.objects.create(repository=repository, file=file, by=by.pk)
    transaction.on_commit(partial(ring, "models.download"))
    record(verbs.DOWNLOAD_ASKED, targets=[target(download)], facts={"repository": repository, "file": file})
    return download


def lately() -> list[Download]:
    """Return what is under way, and what has ended lately, the latest first."""
    return list(Download.objects.all()[:5])


def fetch_waiting(*, stopping: Callable[[], bool] = lambda: False) -> None:
    """Fetch what was asked for, one after the other, unless another process does."""
    asked = Download.objects.filter(state=State.ASKED).order_by("asked_at")
    with alone(LOCK) as mine:
        if mine:
            _end(Download.objects.filter(state=State.RUNNING).first(), BROKEN)
        while mine and not stopping() and (download := asked.first()):
            _fetch(download, stopping)


def _fetch(download: Download, stopping: Callable[[], bool]) -> None:
    Download.objects.filter(pk=download.pk).update(state=State.RUNNING)
    words = ["fetch_model", "--repo", download.repository, "--file", download.file, "--to", str(folder.root())]
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None:
        if stopping():
            process.terminate()
        Download.objects.filter(pk=download.pk).update(received=_received(download))
        time.sleep(LOOK_SECONDS)
    said = process.stderr.read().strip().splitlines() if process.stderr else []
    problem = said[-1].removeprefix("CommandError: ") if process.returncode and said else ""
    _end(download, problem or (BROKEN if process.returncode else ""))


def _received(download: Download) -> int:
    """Return how many bytes are here."""
    name = Path(download.file).name
    parts = [folder.root() / name, *folder.root().glob(f"{name}.*.part")]
    return max((part.stat().st_size for part in parts if part.is_file()), default=0)


@transaction.atomic
def _end(download: Download | None, problem: str) -> None:
    if download is None:
        return
    state = State.FAILED if problem else State.DONE
    fields = {"state": state, "reason": problem[:LONGEST_SENTENCE], "received": _received(download)}
    Download.objects.filter(pk=download.pk).update(ended_at=Now(), **fields)
    result = Result.REFUSED if problem else Result.DONE
    record(verbs.DOWNLOADED, targets=[target(download)], facts={"bytes": fields["received"]}, result=result)
