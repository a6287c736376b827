"""Asking an engine in this process, and what it said."""

from models_admin.engine.batching import BatchingEngine
from models_admin.engine.protocol import Ended, Piece, Request, Sampling, Started, Turn

GREEDY = Sampling(temperature=0, max_tokens=40)


def request(id: str, text: str = "hello", *, seat: str = "", sampling: Sampling = GREEDY, prefix: str = "") -> Request:
    return Request(id, seat or id, (Turn("user", text),), sampling, prefix)


class Heard:
    """What an engine said of one request."""

    def __init__(self) -> None:
        self.text = ""
        self.pieces: list[str] = []
        self.started: Started | None = None
        self.ended: Ended | None = None

    @property
    def end(self) -> Ended:
        assert self.ended is not None
        return self.ended


def run(engine: BatchingEngine, *requests: Request, steps: int = 5000) -> dict[str, Heard]:
    heard = {request.id: Heard() for request in requests}
    for one in requests:
        engine.submit(one)
    for _ in range(steps):
        if not engine.busy:
            break
        for event in engine.poll(0):
            note(heard[event.id], event)
    return heard


def note(heard: Heard, event: object) -> None:
    match event:
        case Started():
            heard.started = event
        case Piece():
            heard.text += event.text
            heard.pieces.append(event.text)
        case Ended():
            heard.ended = event
