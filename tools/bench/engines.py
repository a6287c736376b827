"""The engines that are compared, each with one act: answer so many questions at once and say how long it took."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
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


class Engine(Protocol):
    """One engine under measurement."""

    name: str

    def answer(self, width: int) -> Measured:
        """Answer `width` questions at once."""

    def close(self) -> None:
        """End it."""


class Hearth:
    """Our engine, through its child process, as the host worker uses it."""

    name = "hearth"

    def __init__(self, setting: Setting, **more: Any) -> None:
        self.setting = setting
        spec = EngineSpec(
            path=str(setting.model), slots=setting.slots, context=setting.context, threads=setting.threads, **more
        )
        self.engine = EngineProcess(spec)
        self.round = 0

    def answer(self, width: int) -> Measured:
        self.round += 1
        sampling = Sampling(temperature=0, max_tokens=self.setting.tokens)
        began = time.perf_counter()
        for n in range(width):
            name = f"{self.round}.{n}"
            self.engine.submit(Request(name, name, (Turn("user", question()),), sampling))
        first: dict[str, float] = {}
        tokens = ended = 0
        while ended < width:
            for event in self.engine.poll(1):
                match event:
                    case Piece(id):
                        first.setdefault(id, time.perf_counter() - began)
                    case Ended():
                        ended, tokens = ended + 1, tokens + event.output_tokens
        return Measured(tokens, time.perf_counter() - began, sorted(first.values()))

    def close(self) -> None:
        self.engine.close()


class OneAtATime:
    """llama_cpp.Llama as its documentation shows it."""

    name = "Llama, one at a time"

    def __init__(self, setting: Setting) -> None:
        from llama_cpp import Llama

        self.setting = setting
        threads = setting.threads
        self.llama = Llama(
            str(setting.model), n_ctx=setting.context, n_threads=threads, n_threads_batch=threads, verbose=False
        )

    def answer(self, width: int) -> Measured:
        began = time.perf_counter()
        tokens = 0
        first = []
        for _ in range(width):
            said: Any = self.llama.create_completion(prompt(), max_tokens=self.setting.tokens, temperature=0)
            tokens += said["usage"]["completion_tokens"]
            first.append(time.perf_counter() - began)
        return Measured(tokens, time.perf_counter() - began, first)

    def close(self) -> None:
        self.llama.close()


def question() -> str:
    """Return a short question that was never asked before: about twenty tokens."""
    return f"{next(FRESH)}, what is it?"


def prompt() -> str:
    """Return the text that the chat template makes of a question."""
    return f"<|im_start|>user\n{question()}<|im_end|>\n<|im_start|>assistant\n"


class Server:
    """A server with an OpenAI-like completion door. The client does nothing but wait."""

    def __init__(self, name: str, setting: Setting, command: list[str], path: str) -> None:
        self.name, self.setting, self.path = name, setting, path
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [*command, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                self._ask(1)
                return
            except OSError:
                time.sleep(0.5)
        self.close()
        raise RuntimeError(f"{name} did not start")

    def _ask(self, tokens: int) -> int:
        wish = {"prompt": prompt(), "max_tokens": tokens, "temperature": 0, "ignore_eos": True, "cache_prompt": False}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{self.path}", json.dumps(wish).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=600) as response:
            return int(json.load(response)["usage"]["completion_tokens"])

    def answer(self, width: int) -> Measured:
        tokens: list[int] = []
        began = time.perf_counter()
        threads = [threading.Thread(target=lambda: tokens.append(self._ask(self.setting.tokens))) for _ in range(width)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Measured(sum(tokens), time.perf_counter() - began)

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
