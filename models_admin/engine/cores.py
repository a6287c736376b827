"""How many cores this process may use: a container often has fewer than the machine, by a share of time alone."""

import math
import os
from pathlib import Path

from models_admin.engine.memory import groups_around


def cores() -> int:
    """Return the cores that the scheduler gives us, or fewer where a control group allows less time than they have."""
    ours = len(os.sched_getaffinity(0))
    return max(1, min([ours, *(share for group in groups_around() if (share := cores_in(group)))]))


def cores_in(group: Path) -> int:
    """Return how many cores' time a control group may take, rounded up; 0: no limit."""
    try:
        quota, period = (group / "cpu.max").read_text().split()
    except (OSError, ValueError):
        return 0
    return 0 if quota == "max" else math.ceil(int(quota) / int(period))
