"""Can this machine multiply by tiles (AMX)? Some virtual machines say so and let the first such step die.

llama.cpp believes what the processor says. So a process of its own tries it with the small built-in model, once for
each process that loads models, and only where the processor claims to have tiles. Without them llama.cpp computes as on
any other processor.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path

import llama_cpp

SECONDS = 30
CLAIM = "amx_tile"


def are_claimed() -> bool:
    """Whether the processor says that it has tiles."""
    try:
        return CLAIM in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


@cache
def are_sound() -> bool:
    """Whether weights may be laid out for tiles: the processor has none, or a first step with them went well."""
    if not are_claimed():
        return True
    try:
        tried = subprocess.run([sys.executable, "-m", __name__], capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def take_one_step(path: str) -> int:
    """Read a word with a model whose weights are laid out for tiles. Return llama.cpp's result: 0 is success."""
    llama_cpp.llama_backend_init()
    model = llama_cpp.llama_model_load_from_file(path.encode(), llama_cpp.llama_model_default_params())
    params = llama_cpp.llama_context_default_params()
    params.n_ctx = 64
    context = llama_cpp.llama_init_from_model(model, params)
    words = (llama_cpp.llama_token * 4)(1, 2, 3, 4)
    return int(llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(words, 4)))


if __name__ == "__main__":
    from models_admin.builtin import FILE

    sys.exit(take_one_step(str(FILE)))
