"""Where a deployed model sits in this host process: loaded lazily, one engine per deployment, let go explicitly."""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models_admin import endpoints, placing, registry
from models_admin.engine.process import EngineProcess, ModelRefused
from models_admin.engine.protocol import Adapter, Engine, EngineSpec
from models_admin.engine.remote import RemoteEngine
from models_admin.models import Deployment
from models_admin.specs import WORDS, loading_of, spec_from

log = logging.getLogger(__name__)


def spec_of(deployment: Deployment) -> EngineSpec:
    """Return how the engine should load this deployment."""
    adapters, sha256 = tuple(_adapters(deployment)), registry.expected(deployment.model)
    return spec_from(deployment.path, loading_of(deployment), sha256=sha256, adapters=adapters)


def _adapters(deployment: Deployment) -> Iterator[Adapter]:
    for worn in deployment.worn.select_related("file"):
        yield Adapter(worn.file.path, worn.scale, registry.expected(worn.file))


def open_engine(deployment: Deployment) -> EngineProcess | RemoteEngine:
    """Start what answers for a deployment, and wait until it can. Raises ModelRefused with a reason."""
    return endpoints.open_engine(deployment) if deployment.endpoint else EngineProcess(spec_of(deployment))


def settings_of(deployment: Deployment) -> dict[str, Any]:
    """Return what of a deployment's settings decides words, beside sampling: names and weights of adapters, numbers."""
    worn = [[one.file.name, one.scale] for one in deployment.worn.select_related("file")]
    return {"adapters": worn} | {name: getattr(deployment, name) for name in WORDS}


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
    loaded: dict[str, Any] = field(default_factory=dict)  # what decides its words, as it is loaded
    used: float = 0.0  # when it last answered, by the monotonic clock

    def take(self, deployment: Deployment) -> Engine:
        """Return the loaded engine, starting it when needed. Raises ModelRefused with a reason."""
        if self.engine is None:
            self._load(deployment)
        assert self.engine is not None
        return self.engine

    def _load(self, deployment: Deployment) -> None:
        """Start the engine and say so. Whoever sees the engine sees its revision. Raises ModelRefused."""
        placing.loading(deployment)
        try:
            engine = open_engine(deployment)
        except ModelRefused as refusal:
            placing.refused(deployment, str(refusal))
            raise
        except Exception as fault:
            log.exception("a model could not be opened")
            placing.refused(deployment, why := f"It could not be opened ({type(fault).__name__}).")
            raise ModelRefused(why) from fault
        self.revision, self.used, self.loaded = deployment.revision, time.monotonic(), settings_of(deployment)
        self.engine = engine
        try:
            placing.ready(deployment, engine.ready)
        except Exception:
            self.drop()
            raise

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
