"""The registry of model files: what lies in the folder is found, read, and watched from then on.

A file is registered once it is hashed (`hashing`). From then on it must stay that file: another one in its place is
refused, and one that is gone comes back only as what it was.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from audit import verbs
from audit.actions import record
from audit.entry import Result, Target
from models_admin import builtin, folder
from models_admin.engine.adapter import ADAPTER, read_adapter
from models_admin.engine.header import BadModel, Header, read_header
from models_admin.engine.trial import try_template
from models_admin.models import LONGEST_SENTENCE, ModelFile

State = ModelFile.State
ANOTHER = gettext_noop("It is not the file that was registered.")
GONE = gettext_noop("The file is no longer there.")
# What adapters do not have: another file may have been in their place.
OF_MODELS = ("parameters", "quantisation", "context", "layers", "has_template", "embeds", "parts", "demo", "languages")


def scan(*, now: float | None = None) -> bool:
    """Look at every file once. Return whether some are still being written, so that it is worth looking again soon.

    What has not changed costs a look at its size and time alone. `now` is in seconds since 1970.
    """
    moment = time.time() if now is None else now
    known = {row.path: row for row in ModelFile.objects.all()}
    paths = dict.fromkeys([*map(str, folder.found()), *known])
    unsettled = [_look(Path(path), known.get(path), moment) for path in paths]
    return any(unsettled)


def _look(path: Path, row: ModelFile | None, now: float) -> bool:
    """Look at one file. Return whether it is still being written."""
    mark = folder.mark_of(path)
    if not mark:
        if row:
            _vanished(row)
        return False
    if row and row.mark == mark and row.state != State.GONE:
        return False
    if not folder.rests(path, now=now):
        return True
    if row and row.sha256 and path != builtin.FILE:
        _seen_again(row, path, mark)
    else:
        _read(row, path, mark)
    return False


@transaction.atomic
def _vanished(row: ModelFile) -> None:
    """A file is not there any more. One that was never registered leaves nothing behind."""
    current = ModelFile.objects.select_for_update().filter(pk=row.pk).exclude(state=State.GONE).first()
    if current is None:
        return
    if not current.sha256 and not current.deployments.exists():
        current.delete()
        return
    _set(current, state=State.GONE, reason=GONE)
    record(verbs.FILE_GONE, targets=[target(current)])


@transaction.atomic
def _seen_again(row: ModelFile, path: Path, mark: str) -> None:
    """A registered file is there anew, or was written to: it is hashed once more, unless its size says enough."""
    current = ModelFile.objects.select_for_update().get(pk=row.pk)
    if current.state == State.GONE and current.mark == mark:
        _set(current, state=State.READY, reason="")
        record(verbs.FILE_BACK, targets=[target(current)])
    elif folder.size_of(path) == current.size:
        _set(current, mark=mark, state=State.FOUND, hashed=0, reason="")
    else:
        _set(current, mark=mark, state=State.REFUSED, reason=ANOTHER)
        refused_as_another(current, sha256=None)


def refused_as_another(row: ModelFile, *, sha256: str | None) -> None:
    """Write down that a registered file is another one; its hash where it was taken."""
    facts = {"registered": row.sha256, "found": sha256}
    record(verbs.FILE_CHANGED, targets=[target(row)], facts=facts, result=Result.REFUSED)


def _read(row: ModelFile | None, path: Path, mark: str) -> None:
    """Read a file that is not registered yet: its hash is next, or a reason why it is none for us."""
    fields: dict[str, Any] = {"mark": mark, "size": folder.size_of(path), "sha256": "", "hashed": 0, "reason": ""}
    try:
        facts = _adapter_facts(path) or _model_facts(path)
    except (BadModel, OSError) as error:
        why = str(error)[:LONGEST_SENTENCE] if isinstance(error, BadModel) else gettext_noop("The file cannot be read.")
        _keep(row, path, fields | {"state": State.REFUSED, "reason": why})
    else:
        _keep(row, path, fields | {"state": State.FOUND} | facts)


@transaction.atomic
def _keep(row: ModelFile | None, path: Path, fields: Mapping[str, Any]) -> None:
    fresh = {"name": path.stem[:200]} if row is None else {}
    file, _ = ModelFile.objects.update_or_create(path=str(path), defaults={**fresh, **fields})
    if file.state == State.REFUSED:
        record(verbs.FILE_REFUSED, targets=[target(file)], facts={"reason": file.reason}, result=Result.REFUSED)


def _adapter_facts(path: Path) -> dict[str, Any]:
    """Return what a row keeps of a LoRA adapter; nothing for another file. Raises BadModel and OSError."""
    adapter = read_adapter(str(path))
    if adapter is None:
        return {}
    nothing = {name: getattr(ModelFile(), name) for name in OF_MODELS}
    return nothing | {
        "name": adapter.name[:200],
        "architecture": adapter.architecture[:60],
        "kind": ADAPTER,
        "base_model": adapter.base_model[:200],
    }


def _model_facts(path: Path) -> dict[str, Any]:
    header = read_header(str(path))
    if why := try_template(header.chat_template):
        raise BadModel(why)
    return _facts(header)


def _facts(header: Header) -> dict[str, Any]:
    """Return what a row keeps of a header; numbers that no model has are cut to what a column holds."""
    return {
        "name": header.name[:200],
        "architecture": header.architecture[:60],
        "kind": header.kind[:60],
        "parameters": header.parameters,
        "quantisation": header.quantisation[:30],
        "context": min(header.context, 2**31 - 1),
        "layers": min(header.layers, 2**31 - 1),
        "has_template": header.has_template,
        "tokenizer": header.tokenizer[:200],
        "licence": header.licence[:200],
        "languages": list(header.languages),
        "author": header.author[:200],
        "base_model": header.base_model[:200],
        "embeds": header.embeds,
        "parts": header.parts,
        "demo": header.demo,
    }


def enlist(path: Path) -> ModelFile | None:
    """Return the row of a file that an operator names; the stub has none. Housekeeping reads and hashes it later.

    Who names a file on the server means it as it is now: one that has changed is registered anew.
    """
    if str(path).startswith("stub:"):
        return None
    file, _ = ModelFile.objects.get_or_create(path=str(path), defaults={"name": path.stem[:200]})
    mark = folder.mark_of(path)
    if mark and file.sha256 and (mark != file.mark or file.state == State.REFUSED):
        _set(file, sha256="", mark="", state=State.FOUND, hashed=0, reason="")
    return file


def expected(file: ModelFile | None) -> str:
    """Return the hash that a host must find when it loads this file, or nothing where none is known yet.

    Another built-in file is there after an upgrade: it is as trusted as the code, and registered anew within a minute.
    """
    if file is None or (file.path == str(builtin.FILE) and folder.mark_of(builtin.FILE) != file.mark):
        return ""
    return file.sha256


def target(file: ModelFile) -> Target:
    """Return the file as the audit log names it."""
    return Target("model", file.pk)


def _set(file: ModelFile, **fields: object) -> None:
    """Change some columns of a row, and nothing that somebody else may have written beside them."""
    for name, value in fields.items():
        setattr(file, name, value)
    file.save(update_fields=list(fields))
