"""A real server of the OpenAI protocol: the one that comes with llama-cpp-python, with the built-in model."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from house import free_port

from models_admin import builtin

# `python -m llama_cpp.server`, on machines too whose processor promises more than it does (`engine/tiles`).
SERVER = """
import runpy
from llama_cpp import llama_cpp
from models_admin.engine.tiles import are_sound
usual = llama_cpp.llama_model_default_params
def params():
    found = usual()
    found.use_extra_bufts = are_sound()
    return found
llama_cpp.llama_model_default_params = params
runpy.run_module("llama_cpp.server", run_name="__main__")
"""


@contextmanager
def llama_server() -> Iterator[str]:
    """The server that comes with llama-cpp-python, in a process of its own, with the built-in model."""
    port = free_port()
    command = [sys.executable, "-c", SERVER, "--model", str(builtin.FILE), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--n_ctx", "1024", "--model_alias", "house"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, **quiet)  # type: ignore[call-overload]
    try:
        until = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/v1/models", timeout=2)
                break
            except httpx.TransportError:
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.3)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)
