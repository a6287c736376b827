"""Being told to end: a backup and a restore say how far they came, however they hear of it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

TOLD_BY = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let SIGTERM end it as Ctrl-C does. Who is ending hears of no second one: beside `make run` both are sent."""

    def end(number: int, frame: object) -> None:
        for one in TOLD_BY:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in TOLD_BY}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
