"""The engines that are compared, each with one act: answer so many questions at once and say how long it took."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from models_admin.engine.process import EngineProcess
from models_admin.engine.protocol import Ended, EngineSpec, Piece, Request, Sampling, Turn

FRESH = itertools.count(10_000)  # no question is asked twice: nobody finds it in a cache
READY_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Setting:
    """What every engine is given alike. Context is in tokens per slot."""

    model: Path
    slots: int
    context: int
    threads: int
    tokens: int  # of each answer


@dataclass(frozen=True, slots=True)
class Measured:
    """One round: tokens said in all, seconds from the first question to the last word, first words' seconds."""

    tokens: int
    seconds: float
    first: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Tokens per second over all answers."""
        return self.tokens / self.seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """One conversation's next question, and whose conversation it is."""

    seat: str
    turns: tuple[Turn, ...]

    @property
    def prompt(self) -> str:
        """The text that the chat template makes of it."""
        said = "".join(f"<|im_start|>{turn.role}\n{turn.text}<|im_end|>\n" for turn in self.turns)
        return f"{said}<|im_start|>assistant\n"


class Engine(Protocol):
    """One engine under measurement."""

    name: str

    def answer(self, asked: Sequence[Asked], *, tokens: int) -> Measured:
        """Answer all of it at once, with so many tokens each."""

    def close(self) -> None:
        """End it."""


class Hearth:
    """Our engine, through its child process, as the host worker uses it."""

    name = "hearth"

    def __init__(self, setting: Setting, **more: Any) -> None:
        spec = EngineSpec(
            path=str(setting.model), slots=setting.slots, context=setting.context, threads=setting.threads, **more
        )
        self.engine = EngineProcess(spec)
        self.round = 0

    def answer(self, asked: Sequence[Asked], *, tokens: int) -> Measured:
        self.round += 1
        sampling = Sampling(temperature=0, max_tokens=tokens)
        began = time.perf_counter()
        for n, one in enumerate(asked):
            self.engine.submit(Request(f"{self.round}.{n}", one.seat, one.turns, sampling))
        first: dict[str, float] = {}
        said = ended = 0
        while ended < len(asked):
            for event in self.engine.poll(1):
                match event:
                    case Piece(id):
                        first.setdefault(id, time.perf_counter() - began)
                    case Ended():
                        ended, said = ended + 1, said + event.output_tokens
        return Measured(said, time.perf_counter() - began, sorted(first.values()))

    def close(self) -> None:
        self.engine.close()


class OneAtATime:
    """llama_cpp.Llama as its documentation shows it."""

    name = "Llama, one at a time"

    def __init__(self, setting: Setting) -> None:
        from llama_cpp import Llama

        threads = setting.threads
        self.llama = Llama(
            str(setting.model), n_ctx=setting.context, n_threads=threads, n_threads_batch=threads, verbose=False
        )

    def answer(self, asked: Sequence[Asked], *, tokens: int) -> Measured:
        began = time.perf_counter()
        said = 0
        for one in asked:
            made: Any = self.llama.create_completion(one.prompt, max_tokens=tokens, temperature=0)
            said += made["usage"]["completion_tokens"]
        return Measured(said, time.perf_counter() - began)

    def close(self) -> None:
        self.llama.close()


def question() -> str:
    """Return a short question that was never asked before: about twenty tokens."""
    return f"{next(FRESH)}, what is it?"


def short(width: int) -> list[Asked]:
    """Return so many people's first, short questions."""
    return [Asked(f"short {next(FRESH)}", (Turn("user", question()),)) for _ in range(width)]


class Server:
    """A server with an OpenAI-like completion door. The client does nothing but wait."""

    def __init__(self, name: str, setting: Setting, command: list[str], path: str) -> None:
        self.name, self.path = name, path
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [*command, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                self._ask(short(1)[0], 1)
                return
            except OSError:
                time.sleep(0.5)
        self.close()
        raise RuntimeError(f"{name} did not start")

    def _ask(self, asked: Asked, tokens: int) -> int:
        wish = {"prompt": asked.prompt, "max_tokens": tokens, "temperature": 0, "ignore_eos": True}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{self.path}", json.dumps(wish).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=600) as response:
            return int(json.load(response)["usage"]["completion_tokens"])

    def answer(self, asked: Sequence[Asked], *, tokens: int) -> Measured:
        began = time.perf_counter()
        with ThreadPoolExecutor(len(asked)) as threads:
            said = sum(threads.map(lambda one: self._ask(one, tokens), asked))
        return Measured(said, time.perf_counter() - began)

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def llama_server(setting: Setting, program: str) -> Server:
    """The C++ server with the same slots, context and threads."""
    command = [program, "-m", str(setting.model), "-np", str(setting.slots), "-c", str(setting.slots * setting.context)]
    command += ["-t", str(setting.threads), "-tb", str(setting.threads), "--host", "127.0.0.1", "--no-kv-unified"]
    command += ["--cache-ram", "0", "--no-webui"]
    return Server("llama-server (C++)", setting, command, "/v1/completions")


def python_server(setting: Setting) -> Server:
    """llama_cpp.server, the package's own."""
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(setting.model), "--host", "127.0.0.1"]
    command += ["--n_ctx", str(setting.context), "--n_threads", str(setting.threads)]
    command += ["--n_threads_batch", str(setting.threads), "--verbose", "false"]
    return Server("llama_cpp.server", setting, command, "/v1/completions")


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))
