"""This machine as a host: what it says of itself, and what it should host. Rows are read again and again."""

import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from models_admin.models import Deployment, Host, ModelFile
from models_admin.queries import alive

OURS = "stub:"  # a path that is no file


def is_host(worker: object) -> bool:
    """Whether a Celery worker, or who sends for it, hosts models: its name says so."""
    return str(getattr(worker, "hostname", worker)).startswith("host")


def me() -> Host:
    """Return this machine's row, made on first use. It is heard when it speaks."""
    host, _ = Host.objects.get_or_create(name=settings.HOST)
    return host


def begin() -> Host:
    """A worker of this machine begins: nothing is loaded here yet."""
    host = me()
    Host.objects.filter(pk=host.pk).update(started_at=Now(), heard_at=Now(), **_built())
    host.placements.update(state=Deployment.State.COLD, reason="", since=Now())
    return host


def speak(host: Host, wanted: list[Deployment]) -> None:
    """Say how this machine is, and that what it should host has somebody."""
    Host.objects.filter(pk=host.pk).update(heard_at=Now(), **_facts())
    Deployment.objects.filter(pk__in=[one.pk for one in wanted]).update(heard_at=Now())


def look_at_files(host: Host) -> None:
    """Write down which of the registered files lie on this machine."""
    rows = ModelFile.objects.filter(state=ModelFile.State.READY).values_list("pk", "path")
    Host.objects.filter(pk=host.pk).update(files=[str(pk) for pk, path in rows if Path(path).is_file()])


def _built() -> dict[str, Any]:
    import llama_cpp  # hosts alone have it in memory

    return {
        "version": f"llama.cpp by llama-cpp-python {version('llama-cpp-python')}",
        "cores": psutil.cpu_count() or 0,
        "offloads": bool(llama_cpp.llama_supports_gpu_offload()),
    }


def _facts() -> dict[str, Any]:
    from models_admin.gpus import gpus  # NVIDIA's library takes 9 MB, and who serves pages asks it nothing

    memory = psutil.virtual_memory()
    return {
        "cpu": psutil.cpu_percent(),
        "ram_total": memory.total,
        "ram_free": memory.available,
        "disk_free": _disk_free(settings.MODELS),
        "gpus": gpus(),
    }


def _disk_free(folder: Path) -> int:
    there = next((one for one in (folder, *folder.parents) if one.is_dir()), None)
    return shutil.disk_usage(there).free if there else 0


def wanted_here(host: Host) -> list[Deployment]:
    """Return what should be hosted on this machine, the oldest first.

    What may run anywhere runs wherever its file lies. Where it lies nowhere the only machine takes it all the same, so
    that somebody says what is wrong.
    """
    return _hosted_by(host, _placed_on(host).order_by("created_at", "pk"))


def wanted(pk: UUID, host: Host) -> Deployment | None:
    """Return a deployment if this machine should host it."""
    return next(iter(_hosted_by(host, _placed_on(host).filter(pk=pk))), None)


def _hosted_by(host: Host, placed: QuerySet[Deployment]) -> list[Deployment]:
    rows = placed.select_related("model", "endpoint").prefetch_related("hosts")
    alone = not alive().exclude(pk=host.pk).exists()
    return [one for one in rows if alone or one.hosts.all() or _can(one)]


def _placed_on(host: Host) -> QuerySet[Deployment]:
    return Deployment.objects.filter(Q(hosts=None) | Q(hosts=host), enabled=True).distinct()


def _can(deployment: Deployment) -> bool:
    return deployment.endpoint_id is not None or deployment.path.startswith(OURS) or Path(deployment.path).is_file()
