"""Tries a model's chat template before anybody hosts the model, in a process of its own that can be ended."""

import subprocess
import sys

from models_admin.engine.header import BadModel

SECONDS = 10
CODE = """
import sys
from models_admin.engine.protocol import Turn
from models_admin.engine.template import BadTemplate, ChatTemplate
turns = [Turn("system", "Be brief."), Turn("user", "Hello"), Turn("assistant", "Hello."), Turn("user", "And now?")]
try:
    ChatTemplate(sys.stdin.read()).render(turns)
except BadTemplate as reason:
    sys.exit(str(reason))
"""


def try_template(source: str) -> None:
    """Render a few turns with it. Raises BadModel with the reason. A model without a template gets a plain one."""
    if not source:
        return
    try:
        done = subprocess.run(
            [sys.executable, "-c", CODE], input=source, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise BadModel(f"Its chat template did not end within {SECONDS} seconds.") from None
    if done.returncode:
        said = done.stderr.strip()
        raise BadModel(said if said.startswith("The chat template") else "Its chat template cannot be tried.")
