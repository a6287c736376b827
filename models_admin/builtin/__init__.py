"""The small demo model that Hearth brings along; `make builtin` trains it. Hosted where nothing else is chosen."""

from pathlib import Path

from models_admin.engine.header import Header

FILE = Path(__file__).with_name("hearth-demo.gguf")
SLOTS, CONTEXT, MAX_TOKENS = 8, 1024, 400


def settings_for(header: Header) -> dict[str, object]:
    """Return how it is hosted until an administrator says otherwise: greedy, for it was trained to be read so."""
    context = min(CONTEXT, header.context)
    return {"slots": SLOTS, "context": context, "temperature": 0.0, "max_tokens": MAX_TOKENS}
