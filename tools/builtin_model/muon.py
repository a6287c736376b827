"""Muon: momentum whose matrices are made orthogonal before they are applied; they learn far faster than by AdamW."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch

# A quintic that draws every singular value towards one; five rounds are enough.
QUINTIC = (3.4445, -4.7750, 2.0315)
ROUNDS = 5


def orthogonal(matrices: Any) -> Any:
    """Return about the nearest orthogonal matrices to a stack of (count, rows, columns)."""
    a, b, c = QUINTIC
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
    for _ in range(ROUNDS):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):  # type: ignore[misc]
    """For weight matrices alone; those of one shape are worked on together."""

    def __init__(self, parameters: Iterable[Any], *, lr: float, momentum: float = 0.95, decay: float = 0.01) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "decay": decay})

    def step(self, closure: Any = None) -> None:
        """Apply the gradients."""
        with torch.no_grad():
            for group in self.param_groups:
                alike: dict[Any, list[Any]] = defaultdict(list)
                for parameter in group["params"]:
                    alike[parameter.shape].append(parameter)
                for parameters in alike.values():
                    self._apply(parameters, group)

    def _apply(self, parameters: list[Any], group: dict[str, Any]) -> None:
        updates = []
        for parameter in parameters:
            state = self.state[parameter]
            speed = state.setdefault("speed", torch.zeros_like(parameter))
            speed.lerp_(parameter.grad, 1 - group["momentum"])
            updates.append(parameter.grad.lerp(speed, group["momentum"]))
        rows, columns = parameters[0].shape
        lr = group["lr"] * max(1.0, rows / columns) ** 0.5
        for parameter, update in zip(parameters, orthogonal(torch.stack(updates)), strict=True):
            parameter.mul_(1 - group["lr"] * group["decay"]).add_(update, alpha=-lr)
