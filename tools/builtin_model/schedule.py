"""How fast the model learns over a run, and what is known of the run when it goes on."""

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Plan:
    """One training run. Sizes in tokens; `decay` is the share of the run in which the rates fall to nothing."""

    tokens: int = 16_000_000
    rows: int = 8
    length: int = 256
    matrix_rate: float = 0.006  # at 0.02 a step of 2,048 tokens forgets what the last one learnt
    other_rate: float = 0.0015
    warm_up: float = 0.01
    decay: float = 0.5
    dropout: float = 0.08  # merges of a question that are left out: words are known by their parts, too
    brief: float = 0.6  # dialogues whose last answer is cut short until the rates have halved: its beginning decides it
    practice: float = 0.1  # skill exercises on their own, per dialogue: copying is learnt late, or not at all
    vocabulary: int = 1536
    width: int = 256
    layers: int = 4
    feed_forward: int = 640
    seed: int = 1

    @property
    def step(self) -> int:
        """Tokens per step."""
        return self.rows * self.length

    def rate(self, done: int) -> float:
        """Return the share of the full rates after `done` tokens: warm-up, stable, then a straight line to nothing."""
        share = done / self.tokens
        return max(0.0, min(1.0, share / self.warm_up, (1 - share) / self.decay))

    def is_brief(self, done: int, dice: float) -> bool:
        """Whether an example is cut short after `done` tokens; `dice` is between 0 and 1."""
        return dice < self.brief and self.rate(done) > 0.5

    def as_dict(self) -> dict[str, float]:
        """Return it for a file."""
        return asdict(self)


def flags() -> dict[str, type]:
    """Return the plan's fields as command-line flags and their types."""
    return {field.name: type(field.default) for field in fields(Plan)}
