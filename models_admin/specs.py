"""The settings of a deployment that decide how a host loads it, and how its engine is told."""

from collections.abc import Mapping
from typing import Any

from models_admin.engine.protocol import Adapter, EngineSpec
from models_admin.models import Deployment

LOADING = (
    *("slots", "context", "threads", "gpu_layers", "main_gpu", "tensor_split"),
    *("flash_attention", "kv_type", "shelf_megabytes"),
)
WORDS = ("kv_type", "flash_attention", "gpu_layers")  # those that decide words, beside what the engine itself says
SAID_OTHERWISE = {"tensor_split", "shelf_megabytes"}  # the engine has other names or kinds for them


def loading_of(deployment: Deployment) -> dict[str, Any]:
    """Return these settings of a deployment, by the names of its fields."""
    return {name: getattr(deployment, name) for name in LOADING}


def spec_from(
    path: str, settings: Mapping[str, Any], *, sha256: str = "", adapters: tuple[Adapter, ...] = ()
) -> EngineSpec:
    """Return what the engine is told; `settings` are those of LOADING."""
    return EngineSpec(
        path=path,
        sha256=sha256,
        adapters=adapters,
        tensor_split=tuple(settings["tensor_split"]),
        shelf_bytes=settings["shelf_megabytes"] << 20,
        **{name: settings[name] for name in LOADING if name not in SAID_OTHERWISE},
    )
