"""What an act is in the tests of the audit log: something done, and the entries that it leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User


@dataclass(frozen=True)
class Case:
    """An act, and the entries that it leaves, with what they say. The act is given Ada, a member of a team."""

    act: Callable[[User], object]
    leaves: tuple[str, ...]
    says: dict[str, Any]


TARGET_ADA: dict[str, Any] = {"targets": "ada"}
