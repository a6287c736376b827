"""The engine's process dies alone, and whoever owns it hears of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_gguf import write_tiny_gguf

from models_admin.engine.process import EngineProcess, ModelRefused
from models_admin.engine.protocol import Ended, EndReason, EngineDied, EngineSpec, Event, Piece, Request, Sampling, Turn
from models_admin.engine.stub import reference_text

QUESTION = "what is a hearth?"


def spec(path: str) -> EngineSpec:
    return EngineSpec(path=path, slots=4, context=512, threads=1)


def ask(id: str = "1", text: str = QUESTION, prefix: str = "") -> Request:
    return Request(id, id, (Turn("user", text),), Sampling(temperature=0, max_tokens=500), prefix)


def until_ended(engine: EngineProcess, seconds: float = 20) -> tuple[str, list[Event]]:
    events: list[Event] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not any(isinstance(event, Ended) for event in events):
        events += engine.poll(0.1)
    return "".join(event.text for event in events if isinstance(event, Piece)), events


def gone(pid: int, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with Path(f"/proc/{pid}/stat").open() as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_a_real_model_answers_through_the_pipe(tmp_path: Path) -> None:
    engine = EngineProcess(spec(str(write_tiny_gguf(tmp_path / "tiny.gguf"))))
    engine.submit(ask())
    text, events = until_ended(engine)
    assert isinstance(events[-1], Ended)
    assert events[-1].output_tokens > 0
    assert text
    assert len(engine.ready.sha256) == 64
    pid = engine.pid
    engine.close()
    assert gone(pid)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "does not exist"),
        (b"<html>sign in</html>    ", "web page"),
        (b"GGUF\x03", "cut off"),
        (b"\x7fELF" * 9, "not a GGUF"),
    ],
)
def test_a_bad_file_is_refused_and_the_owner_lives(tmp_path: Path, content: bytes | None, reason: str) -> None:
    file = tmp_path / "model.gguf"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelRefused, match=reason):
        EngineProcess(spec(str(file)))


def test_a_killed_child_is_noticed() -> None:
    engine = EngineProcess(spec("stub:?words=1000&rate=20"))
    engine.submit(ask())
    os.kill(engine.pid, signal.SIGKILL)
    with pytest.raises(EngineDied, match="SIGKILL"):
        until_ended(engine)


@pytest.mark.parametrize(("fault", "name"), [("crash_at", "SIGABRT"), ("segfault_at", "SIGSEGV"), ("raise_at", "exit")])
def test_a_crashing_child_is_noticed(fault: str, name: str) -> None:
    engine = EngineProcess(spec(f"stub:?words=20&{fault}=5"))
    engine.submit(ask())
    with pytest.raises(EngineDied, match=name):
        until_ended(engine)


def test_a_hanging_child_is_ended() -> None:
    engine = EngineProcess(spec("stub:?words=20&hang_at=5"), hang_timeout=0.5)
    engine.submit(ask())
    with pytest.raises(EngineDied, match="silent"):
        until_ended(engine)
    assert gone(engine.pid)


@pytest.mark.slow
def test_a_child_at_work_is_never_silent_for_long() -> None:
    engine = EngineProcess(spec("stub:?words=4&rate=0.5"), hang_timeout=1.5)  # a word every two seconds
    engine.submit(ask())
    text, events = until_ended(engine)
    assert isinstance(events[-1], Ended)
    assert text == reference_text(QUESTION, 4)
    engine.close()


def test_the_child_ends_with_its_owner() -> None:
    code = (
        "import time; from models_admin.engine.process import EngineProcess; "
        "from models_admin.engine.protocol import EngineSpec; "
        "e = EngineProcess(EngineSpec('stub:')); print(e.pid, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert gone(pid)


def test_the_stub_says_its_reference_text_and_goes_on_behind_a_prefix() -> None:
    engine = EngineProcess(spec("stub:?words=60"))
    whole = reference_text(QUESTION, 60)
    engine.submit(ask("whole"))
    assert until_ended(engine)[0] == whole
    for cut in (1, 17, 100):
        engine.submit(ask(f"cut {cut}", prefix=whole[:cut]))
        assert whole[:cut] + until_ended(engine)[0] == whole
    engine.close()


def test_stopping_is_heard_in_the_middle() -> None:
    engine = EngineProcess(spec("stub:?words=1000&rate=50"))
    engine.submit(ask())
    time.sleep(0.2)
    engine.poll(0.1)
    engine.cancel("1")
    _, events = until_ended(engine)
    assert isinstance(events[-1], Ended)
    assert events[-1].reason == EndReason.STOPPED
    engine.close()
