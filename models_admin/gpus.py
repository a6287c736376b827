"""What the machine's GPUs are and do, by NVIDIA's own library. A machine without a driver has none."""

from dataclasses import asdict, dataclass
from typing import Any

import pynvml


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU: memory in bytes, `busy` in per cent, `celsius` where it says so."""

    name: str
    total: int
    free: int
    busy: int | None = None
    celsius: int | None = None


def gpus() -> list[dict[str, Any]]:
    """Return the GPUs of this machine as the board shows them, in the driver's order."""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return []
    try:
        return [asdict(_gpu(pynvml.nvmlDeviceGetHandleByIndex(n))) for n in range(pynvml.nvmlDeviceGetCount())]
    except pynvml.NVMLError:
        return []
    finally:
        pynvml.nvmlShutdown()


def _gpu(handle: Any) -> Gpu:
    memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
    return Gpu(
        str(pynvml.nvmlDeviceGetName(handle)), int(memory.total), int(memory.free), _busy(handle), _celsius(handle)
    )


def _busy(handle: Any) -> int | None:
    try:
        return int(pynvml.nvmlDeviceGetUtilizationRates(handle).gpu)
    except pynvml.NVMLError:  # a slice of a GPU does not say
        return None


def _celsius(handle: Any) -> int | None:
    try:
        return int(pynvml.nvmlDeviceGetTemperature(handle, pynvml.NVML_TEMPERATURE_GPU))
    except pynvml.NVMLError:
        return None
