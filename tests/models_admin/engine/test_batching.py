"""The batching engine over a real GGUF: many at once say what each says alone."""

from dataclasses import replace

import pytest
from asking import GREEDY, request, run

from models_admin.engine.batching import BatchingEngine
from models_admin.engine.protocol import Ended, EndReason, Piece, Request, Sampling, Turn


def test_eight_at_once_say_what_each_says_alone(engine: BatchingEngine) -> None:
    questions = [f"question number {n} " * (n + 1) for n in range(8)]
    together = run(engine, *(request(f"t{n}", q) for n, q in enumerate(questions)))
    for n, question in enumerate(questions):
        alone = run(engine, request(f"a{n}", question))[f"a{n}"]
        assert together[f"t{n}"].text == alone.text
        assert together[f"t{n}"].end.output_tokens == alone.end.output_tokens > 0


def test_a_second_turn_reads_only_what_is_new(engine: BatchingEngine) -> None:
    first = run(engine, request("1", "tell me", seat="chat"))["1"]
    turns = (Turn("user", "tell me"), Turn("assistant", first.text), Turn("user", "more"))
    second = run(engine, Request("2", "chat", turns, GREEDY))["2"]
    assert second.started is not None
    assert second.end.prefilled_tokens == second.started.prompt_tokens - second.started.reused_tokens
    assert second.started.reused_tokens >= first.end.prompt_tokens
    new = len(engine.writer.tokens_of([Turn("user", "more")])) + len(
        engine.vocabulary.tokens("<|im_end|>\n", special=True)
    )
    assert second.end.prefilled_tokens == new + 1  # and the last word of the answer, said but never read


def test_another_conversation_reuses_nothing(engine: BatchingEngine) -> None:
    run(engine, request("1", "the same words", seat="one"))
    for n in range(9):  # more conversations than slots
        heard = run(engine, request(f"o{n}", "the same words", seat=f"other {n}"))[f"o{n}"]
        assert heard.started is not None
        assert heard.started.reused_tokens == 0


def test_the_same_seed_says_the_same_and_another_does_not(engine: BatchingEngine) -> None:
    warm = Sampling(temperature=1.0, seed=7, max_tokens=40)
    one, two = (run(engine, request(id, sampling=warm))[id].text for id in ("1", "2"))  # noqa: A001
    other = run(engine, request("3", sampling=replace(warm, seed=8)))["3"].text
    assert one == two != other


def test_an_answer_goes_on_behind_the_words_already_shown(engine: BatchingEngine) -> None:
    whole = run(engine, request("whole"))["whole"]
    shown = "".join(whole.pieces[: len(whole.pieces) // 2])
    rest = run(engine, request("rest", prefix=shown))["rest"]
    assert shown + rest.text == whole.text


def test_max_tokens_ends_an_answer_as_cut(engine: BatchingEngine) -> None:
    heard = run(engine, request("1", sampling=replace(GREEDY, max_tokens=5)))["1"]
    assert (heard.end.reason, heard.end.output_tokens) == (EndReason.LENGTH, 5)


def test_a_stop_string_never_shows(engine: BatchingEngine) -> None:
    plain = run(engine, request("1"))["1"].text
    stop = plain[10:13]
    heard = run(engine, request("2", sampling=replace(GREEDY, stop=(stop,))))["2"]
    assert heard.text == plain[: plain.index(stop)]
    assert heard.end.reason == EndReason.DONE


def test_cancelling_ends_between_two_steps(engine: BatchingEngine) -> None:
    engine.submit(request("1", "x " * 150))
    engine.poll(0)
    engine.cancel("1")
    ended = [event for event in engine.poll(0) if isinstance(event, Ended)]
    assert [(event.id, event.reason, event.output_tokens) for event in ended] == [("1", EndReason.STOPPED, 0)]
    assert not engine.busy
    assert run(engine, request("2"))["2"].end.reason == EndReason.LENGTH


def test_a_long_prompt_does_not_hold_up_a_running_answer(engine: BatchingEngine) -> None:
    engine.submit(request("short"))
    engine.poll(0)
    engine.submit(request("long", "y " * 200))
    pieces = [any(e.id == "short" for e in engine.poll(0) if isinstance(e, Piece)) for _ in range(6)]
    assert sum(pieces) >= 5  # a token whose bytes are half a character shows with the next


def test_the_oldest_turns_are_left_out_and_counted(engine: BatchingEngine) -> None:
    turns = tuple(Turn("user" if n % 2 == 0 else "assistant", f"turn {n} " * 12) for n in range(11))
    heard = run(engine, Request("1", "chat", (Turn("system", "be kind"), *turns), GREEDY))["1"]
    assert heard.started is not None
    assert heard.started.left_out in (4, 6, 8)
    assert heard.end.prompt_tokens <= 512 - 40


@pytest.mark.parametrize(("extra", "fits"), [(-1, True), (0, True), (1, False), (4000, False)])
def test_a_question_is_counted_beforehand(engine: BatchingEngine, extra: int, fits: bool) -> None:
    frame = len(engine.writer.tokens_of([Turn("user", "")]))
    room = 512 - GREEDY.max_tokens
    heard = run(engine, request("1", "7" * (room - frame + extra)))["1"]
    if fits:
        assert heard.end.reason == EndReason.LENGTH
    else:
        assert heard.end.reason == EndReason.TOO_LONG
        assert heard.end.detail == f"The question has {room + extra:,} tokens; this model reads at most {room:,}."
        assert heard.text == ""


def test_control_tokens_typed_by_people_are_text(engine: BatchingEngine) -> None:
    typed = engine.writer.tokens_of([Turn("user", "<|im_end|>")])
    control = engine.vocabulary.tokens("<|im_end|>", special=True)[0]
    assert typed.count(control) == 1  # the template's own


def test_a_full_context_cuts_the_answer(engine: BatchingEngine) -> None:
    heard = run(engine, request("1", "z" * 300, sampling=replace(GREEDY, max_tokens=10_000)))["1"]
    assert heard.end.reason == EndReason.LENGTH
    assert heard.end.prompt_tokens + heard.end.output_tokens <= 513


def test_an_answer_that_fills_the_context_cannot_go_on_and_says_so(engine: BatchingEngine) -> None:
    sampling = replace(GREEDY, max_tokens=10_000)
    whole = run(engine, request("1", "z" * 300, sampling=sampling))["1"]
    again = run(engine, request("2", "z" * 300, sampling=sampling, prefix=whole.text + "x" * 400))["2"]
    assert (again.end.reason, again.text) == (EndReason.FULL, "")


def test_a_second_request_of_one_name_ends_the_first(engine: BatchingEngine) -> None:
    engine.submit(request("twin", "one", seat="a"))
    engine.poll(0)
    run(engine, request("twin", "two", seat="b"))
    assert not any(slot.busy for slot in engine.slots)


def test_gaps_between_slots_change_no_word_and_leave_nothing_behind(engine: BatchingEngine) -> None:
    """Idle slots between busy ones are computed in vain; what they hold stays as it was."""
    questions = {f"g{n}": f"question {n}" for n in range(8)}
    alone = {name: run(engine, request(name, text))[name].text for name, text in questions.items()}
    held = [list(slot.cached) for slot in engine.slots]
    places = {slot.seat: slot.index for slot in engine.slots}
    wanted = [name for name in questions if places[name] in (0, 3, 5)]
    again = run(engine, *(request(f"again {name}", questions[name], seat=name) for name in wanted))
    assert [again[f"again {name}"].text for name in wanted] == [alone[name] for name in wanted]
    idle = [slot for slot in engine.slots if slot.index not in (0, 3, 5)]
    assert [slot.cached for slot in idle] == [held[slot.index] for slot in idle]
    rest = [name for name in questions if name not in wanted]
    later = run(engine, *(request(f"later {name}", questions[name], seat=name) for name in rest))
    assert [later[f"later {name}"].text for name in rest] == [alone[name] for name in rest]
