"""Asks many questions at once through the engine that serves people, and takes the likeliest words."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models_admin.engine.batching import BatchingEngine
from models_admin.engine.protocol import Ended, EngineSpec, Piece, Request, Sampling, Turn

SLOTS = 32
CONTEXT = 1024
GREEDY = Sampling(temperature=0.0, max_tokens=160)

Turns = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered, and how many tokens that took."""

    text: str
    tokens: int


def open_engine(path: Path, *, slots: int = SLOTS, threads: int = 0) -> BatchingEngine:
    """Return the engine with the model loaded."""
    return BatchingEngine(EngineSpec(path=str(path), slots=slots, context=CONTEXT, threads=threads))


def ask(engine: BatchingEngine, conversations: Sequence[Turns], sampling: Sampling = GREEDY) -> list[Reply]:
    """Return the answer to each conversation's last turn, in their order."""
    waiting = list(enumerate(conversations))
    texts = [""] * len(conversations)
    tokens = [0] * len(conversations)
    free = engine.ready.slots
    while waiting or engine.busy:
        while waiting and free:
            number, turns = waiting.pop(0)
            engine.submit(Request(id=str(number), seat=f"evaluation {number}", turns=turns, sampling=sampling))
            free -= 1
        for event in engine.poll(0):
            if isinstance(event, Piece):
                texts[int(event.id)] += event.text
            elif isinstance(event, Ended):
                tokens[int(event.id)] = event.output_tokens
                free += 1
    return [Reply(text, count) for text, count in zip(texts, tokens, strict=True)]


def ask_each(engine: BatchingEngine, questions: Sequence[str]) -> list[str]:
    """Return the answers to questions that begin a conversation."""
    return [reply.text for reply in ask(engine, [(Turn("user", question),) for question in questions])]


def ask_on(engine: BatchingEngine, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return both answers to pairs of questions; the second is asked after the first is answered."""
    first = ask_each(engine, [pair[0] for pair in pairs])
    talks = [
        (Turn("user", pair[0]), Turn("assistant", answer), Turn("user", pair[1]))
        for pair, answer in zip(pairs, first, strict=True)
    ]
    return [(answer, reply.text) for answer, reply in zip(first, ask(engine, talks), strict=True)]
