"""What is not computed twice, over a real GGUF: conversations that return, system prompts, guesses."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asking import GREEDY, Heard, request, run
from tiny_gguf import write_tiny_gguf

from models_admin.engine.batching import BatchingEngine
from models_admin.engine.embedding import EmbeddingEngine, packed
from models_admin.engine.process import EmbeddingProcess
from models_admin.engine.protocol import Embed, EndReason, EngineSpec, Piece, Request, Started, Turn


@pytest.fixture
def two_slots(gguf_file: Path) -> Iterator[BatchingEngine]:
    engine = BatchingEngine(EngineSpec(path=str(gguf_file), slots=2, context=512, batch=256, threads=1))
    yield engine
    engine.close()


def started(heard: Heard) -> Started:
    assert heard.started is not None
    return heard.started


def test_a_conversation_that_returns_reads_only_what_is_new(two_slots: BatchingEngine) -> None:
    engine = two_slots
    question = "tell me " * 30
    first = run(engine, request("1", question, seat="mine"))["1"]
    for n in range(3):  # others take both slots
        run(engine, request(f"o{n}", "something else entirely " * 5, seat=f"other {n}"))
    assert all(slot.seat != "mine" for slot in engine.slots)
    turns = (Turn("user", question), Turn("assistant", first.text), Turn("user", "more"))
    second = run(engine, Request("2", "mine", turns, GREEDY))["2"]
    assert started(second).reused_tokens == first.end.prompt_tokens + first.end.output_tokens - 1
    engine.cache.shelf.room = 0
    fresh = BatchingEngine(engine.spec)
    try:
        assert second.text == run(fresh, Request("2", "mine", turns, GREEDY))["2"].text
    finally:
        fresh.close()


def test_without_a_shelf_a_conversation_that_returns_is_read_anew(two_slots: BatchingEngine) -> None:
    two_slots.cache.shelf.room = 0
    run(two_slots, request("1", "tell me " * 30, seat="mine"))
    for n in range(3):
        run(two_slots, request(f"o{n}", "something else", seat=f"other {n}"))
    assert started(run(two_slots, request("2", "tell me " * 30, seat="mine"))["2"]).reused_tokens == 0


def test_a_system_prompt_is_read_once_and_nobodys_words_are_shared(engine: BatchingEngine) -> None:
    system = Turn("system", "You are kind, short and precise. " * 4)

    def ask(n: int, text: str) -> Heard:
        return run(engine, Request(f"{n}", f"chat {n}", (system, Turn("user", text)), GREEDY))[f"{n}"]

    first = ask(0, "the same words")
    assert started(first).reused_tokens == 0
    shared = engine.writer.read((system, Turn("user", "x"))).shared
    for n in range(1, 12):
        heard = ask(n, "the same words")
        assert started(heard).reused_tokens == shared
        assert heard.text == first.text
    other = Turn("system", "You are somebody else, and quite another one at that. " * 2)
    heard = run(engine, Request("x", "chat x", (other, Turn("user", "the same words")), GREEDY))["x"]
    assert started(heard).reused_tokens == 0


def test_behind_a_shared_system_prompt_the_second_turn_reads_only_what_is_new(engine: BatchingEngine) -> None:
    system = Turn("system", "You are calm, short and precise. " * 4)
    run(engine, Request("0", "chat 0", (system, Turn("user", "somebody else's")), GREEDY))
    for n in (1, 2):
        question = Turn("user", f"question {n}")
        first = run(engine, Request(f"{n}", f"chat {n}", (system, question), GREEDY))[f"{n}"]
        turns = (system, question, Turn("assistant", first.text), Turn("user", "and then?"))
        second = run(engine, Request(f"{n}b", f"chat {n}", turns, GREEDY))[f"{n}b"]
        assert started(second).reused_tokens == first.end.prompt_tokens + first.end.output_tokens - 1
        assert {slot.seat for slot in engine.slots} >= {f"chat {n}"}


def test_what_comes_before_anybodys_words_ends_where_they_begin(engine: BatchingEngine) -> None:
    system = Turn("system", "be kind")
    one = engine.writer.read((system, Turn("user", "one")))
    two = engine.writer.read((system, Turn("user", "another"), Turn("assistant", "a"), Turn("user", "b")))
    assert one.shared == two.shared > 0
    assert one.tokens[: one.shared] == two.tokens[: two.shared]
    text = b"".join(engine.vocabulary.piece(token) for token in one.tokens[: one.shared])
    assert b"be kind" in text
    assert b"one" not in text


@pytest.mark.parametrize("temperature", [0, 0.9])
def test_guesses_change_no_word(engine: BatchingEngine, temperature: float) -> None:
    sampling = replace(GREEDY, temperature=temperature, seed=3, max_tokens=120)
    text = "abc abc abc abc abc abc abc abc"
    plain = run(engine, request("1", text, sampling=sampling))["1"]
    guessed = run(engine, request("2", text, sampling=replace(sampling, lookup=True)))["2"]
    assert guessed.text == plain.text
    assert guessed.end.output_tokens == plain.end.output_tokens
    again = run(engine, request("3", text, seat="2", sampling=sampling))["3"]
    assert again.text == plain.text  # what the guesses left in the cache is right


def test_guesses_that_come_true_save_steps(engine: BatchingEngine) -> None:
    sampling = replace(GREEDY, max_tokens=200)
    said = run(engine, request("1", "go", sampling=sampling))["1"].text
    # asked to say the same again behind what it has said, everything stands there already
    engine.submit(request("2", "go", sampling=replace(sampling, lookup=True)))
    running = engine.running["2"]
    assert running.lookup is not None
    running.lookup.tokens.clear()
    running.lookup.places.clear()
    prompt = engine.writer.tokens_of([Turn("user", "go")])
    running.lookup.add(prompt + engine.vocabulary.tokens(said, special=False) + prompt)
    steps, text = 0, ""
    while engine.busy:
        steps += 1
        text += "".join(event.text for event in engine.poll(0) if isinstance(event, Piece))
    assert text == said
    assert steps < 120


def test_a_grammar_is_followed(engine: BatchingEngine) -> None:
    sampling = replace(GREEDY, temperature=1.0, seed=5, grammar='root ::= "yes" | "no"')
    heard = run(engine, request("1", "well?", sampling=sampling))["1"]
    assert heard.text in ("yes", "no")
    assert heard.end.reason == EndReason.DONE


def test_a_schema_is_followed(engine: BatchingEngine) -> None:
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}
    sampling = replace(GREEDY, temperature=1.0, seed=5, max_tokens=200, json_schema=json.dumps(schema))
    heard = run(engine, request("1", "well?", sampling=sampling))["1"]
    assert set(json.loads(heard.text)) == {"ok"}


@pytest.mark.parametrize("bad", [{"grammar": "root ::= ("}, {"json_schema": "{"}, {"grammar": "x" * 100_001}])
def test_a_bad_grammar_ends_its_request_alone(engine: BatchingEngine, bad: dict[str, str]) -> None:
    heard = run(engine, request("1"), request("2", sampling=replace(GREEDY, **bad)))  # type: ignore[arg-type]
    assert heard["2"].end.reason == EndReason.FAILED
    assert "grammar" in heard["2"].end.detail.lower() or "schema" in heard["2"].end.detail
    assert heard["1"].end.reason == EndReason.LENGTH
    assert sum(slot.busy for slot in engine.slots) == 0


def test_chances_are_told(engine: BatchingEngine) -> None:
    engine.submit(request("1", sampling=replace(GREEDY, chances=3)))
    chances = []
    while engine.busy:
        chances += [chance for event in engine.poll(0) if isinstance(event, Piece) for chance in event.chances]
    assert len(chances) == 40
    for chance in chances:
        assert chance.likeliest[0] == (chance.token, chance.logprob)  # greedy takes the likeliest
        assert [p for _, p in chance.likeliest] == sorted((p for _, p in chance.likeliest), reverse=True)
        assert all(p <= 0 for _, p in chance.likeliest)


def test_texts_become_vectors_the_same_alone_and_together(gguf_file: Path) -> None:
    spec = EngineSpec(path=str(gguf_file), slots=4, context=256, batch=256, threads=1, embeddings=True)
    engine = EmbeddingEngine(spec)
    texts = tuple(f"text number {n} " * (n + 1) for n in range(9))
    together = engine.embed(Embed("1", (*texts, "", "long " * 200)))
    engine_alone = [engine.embed(Embed("2", (text,))).vectors[0] for text in texts]
    for one, other in zip(together.vectors, engine_alone, strict=False):
        assert sum(x * y for x, y in zip(one, other, strict=True)) == pytest.approx(1, abs=1e-3)
    assert sum(x * y for x, y in zip(together.vectors[0], together.vectors[8], strict=True)) < 0.999
    assert together.cut == 1
    assert set(together.vectors[9]) == {0.0}
    engine.close()


def test_vectors_come_through_the_pipe(gguf_file: Path) -> None:
    process = EmbeddingProcess(EngineSpec(path=str(gguf_file), slots=4, context=256, embeddings=True))
    try:
        told = process.embed(["one", "two"])
        assert len(told.vectors) == 2
        assert sum(x * x for x in told.vectors[0]) == pytest.approx(1, abs=1e-4)
    finally:
        process.close()


def test_texts_are_packed_by_size() -> None:
    assert list(packed([5, 1, 0, 9, 3], room=9, most=3)) == [[1, 4, 0], [3]]
    assert list(packed([1, 1, 1], room=9, most=2)) == [[0, 1], [2]]
    assert list(packed([], room=9, most=2)) == []


def test_changing_widths_lose_no_slot(tmp_path: Path) -> None:
    """A short cousin of the soak in `make prove`."""
    file = write_tiny_gguf(tmp_path / "tiny.gguf")
    engine = BatchingEngine(EngineSpec(path=str(file), slots=6, context=256, batch=64, threads=1, shelf_bytes=200_000))
    for turn in range(30):
        width = 1 + turn * 7 % 6
        asked = [request(f"{turn}.{n}", f"{turn} {n} " * 9, seat=f"chat {turn * n % 11}.{n}") for n in range(width)]
        heard = run(engine, *asked)
        assert all(one.end.output_tokens == 40 for one in heard.values())
    assert sum(slot.busy for slot in engine.slots) == 0
    assert engine.cache.shelf.used <= 200_000
    engine.close()
