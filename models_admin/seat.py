"""Where a deployed model sits in this host process: loaded lazily, one engine per deployment, let go explicitly."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from models_admin import endpoints, placing, registry
from models_admin.engine.process import EngineProcess, ModelRefused
from models_admin.engine.protocol import Adapter, Engine, EngineSpec
from models_admin.engine.remote import RemoteEngine
from models_admin.models import Deployment


def spec_of(deployment: Deployment) -> EngineSpec:
    """Return how the engine should load this deployment."""
    return EngineSpec(
        path=deployment.path,
        sha256=registry.expected(deployment.model),
        adapters=tuple(_adapters(deployment)),
        slots=deployment.slots,
        context=deployment.context,
        threads=deployment.threads,
        gpu_layers=deployment.gpu_layers,
        main_gpu=deployment.main_gpu,
        tensor_split=tuple(deployment.tensor_split),
        flash_attention=deployment.flash_attention,
        kv_type=deployment.kv_type,
        shelf_bytes=deployment.shelf_megabytes << 20,
    )


def _adapters(deployment: Deployment) -> Iterator[Adapter]:
    for worn in deployment.worn.select_related("file"):
        yield Adapter(worn.file.path, worn.scale, registry.expected(worn.file))


def open_engine(deployment: Deployment) -> EngineProcess | RemoteEngine:
    """Start what answers for a deployment, and wait until it can. Raises ModelRefused with a reason."""
    return endpoints.open_engine(deployment) if deployment.endpoint else EngineProcess(spec_of(deployment))


@dataclass
class Seat:
    """One deployment in this process. Whoever holds `serving` owns the engine; `rung` says that somebody called."""

    pk: UUID
    serving: threading.Lock = field(default_factory=threading.Lock)
    rung: threading.Event = field(default_factory=threading.Event)
    draining: threading.Event = field(default_factory=threading.Event)  # begin nothing, end what runs, let go
    why: str = ""  # it drains
    engine: EngineProcess | RemoteEngine | None = None
    revision: int = 0  # of the deployment, as it is loaded
    used: float = 0.0  # when it last answered, by the monotonic clock

    def take(self, deployment: Deployment) -> Engine:
        """Return the loaded engine, starting it when needed. Raises ModelRefused with a reason."""
        if self.engine is None:
            placing.loading(deployment)
            try:
                self.engine = open_engine(deployment)
            except ModelRefused as refusal:
                placing.refused(deployment, str(refusal))
                raise
            placing.ready(deployment, self.engine.ready)
            self.revision, self.used = deployment.revision, time.monotonic()
        return self.engine

    def drain(self, why: str) -> None:
        """Have whoever serves begin nothing more, and let go once what runs has ended."""
        self.why = why
        self.draining.set()

    def drop(self) -> None:
        """Let go of the engine: it died, or is not wanted, or this process ends."""
        engine, self.engine = self.engine, None
        if engine is not None:
            engine.close()


_seats: dict[UUID, Seat] = {}
_lock = threading.Lock()


def seat_of(pk: UUID) -> Seat:
    """Return this process's seat for a deployment, the same for every thread."""
    with _lock:
        return _seats.setdefault(pk, Seat(pk))


def all_seats() -> list[Seat]:
    """Return every seat of this process."""
    with _lock:
        return list(_seats.values())
