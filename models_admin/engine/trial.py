"""Tries a chat template before a model is hosted, in a process that ends by itself: `python -m ... < template`.

The sandbox counts what a template does. What cannot be counted (one huge text out of small lists in lists) ends here,
by the system's limits, and whoever asked only hears of it.
"""

import resource
import subprocess
import sys
from functools import lru_cache

from models_admin.engine.protocol import Turn
from models_admin.engine.template import BadTemplate, ChatTemplate

SECONDS = 20  # for the process, on a busy machine
CPU_SECONDS = 6
MEMORY = 1 << 29  # bytes of addresses
TURNS = 41
CODE = 3


@lru_cache(maxsize=64)
def try_template(source: str) -> str:
    """Return why a template cannot be used, as a sentence, or nothing. One that is empty is replaced by a plain one."""
    if not source:
        return ""
    try:
        tried = subprocess.run(
            [sys.executable, "-m", __name__],
            input=source.encode(errors="replace"),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"The chat template did not end within {SECONDS} seconds."
    if tried.returncode == CODE:
        return tried.stdout.decode(errors="replace").strip()
    return "" if tried.returncode == 0 else "The chat template takes more time or memory than any chat needs."


def conversations() -> list[list[Turn]]:
    """Return chats as they are: with the house's words before them and without, short and long."""
    talk = [Turn("assistant" if n % 2 else "user", f"turn {n}") for n in range(TURNS)]
    system = Turn("system", "Be brief.")
    return [talk[:1], [system, *talk[:1]], talk[:3], [system, *talk]]


def main() -> None:
    """Render what comes in, within the system's limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        template = ChatTemplate(sys.stdin.buffer.read().decode(errors="replace"))
        for turns in conversations():
            template.render(turns)
    except BadTemplate as reason:
        sys.stdout.write(str(reason))
        sys.exit(CODE)


if __name__ == "__main__":
    main()
