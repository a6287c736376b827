"""The model's own chat template, rendered in a sandbox: it comes with the file, so it is not trusted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from jinja2 import Template
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models_admin.engine.protocol import Turn

# For files that bring no template of their own.
PLAIN = (
    "{% for message in messages %}{{ message.role | capitalize }}: {{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}Assistant: {% endif %}"
)
LONGEST = 200_000  # characters of template source


class BadTemplate(Exception):
    """The template cannot be used; the message is a sentence."""


def _raise(message: str) -> str:
    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.now(UTC).strftime(form)


class ChatTemplate:
    """Turns become the text that this model was trained to read."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "") -> None:
        if len(source) > LONGEST:
            raise BadTemplate("The chat template is longer than any model needs.")
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals.update(raise_exception=_raise, strftime_now=_now)
        try:
            self.template: Template = environment.from_string(source or PLAIN)
        except TemplateError as error:
            raise BadTemplate(f"The chat template cannot be read: {error.message}") from error
        self.special = {"bos_token": bos, "eos_token": eos}

    def render(self, turns: Sequence[Turn]) -> str:
        """Return the prompt up to where the answer begins. Raises BadTemplate."""
        try:
            return self._render([{"role": turn.role, "content": turn.text} for turn in turns])
        except TemplateError:
            return self._without_system(turns)
        except Exception as error:
            raise BadTemplate(f"The chat template failed ({type(error).__name__}).") from error

    def _without_system(self, turns: Sequence[Turn]) -> str:
        """Some templates refuse a system turn: it is said at the head of the first question instead."""
        if not turns or turns[0].role != "system" or len(turns) < 2:
            raise BadTemplate("The chat template refuses these turns.")
        first = Turn(turns[1].role, f"{turns[0].text}\n\n{turns[1].text}")
        return self.render([first, *turns[2:]])

    def _render(self, messages: list[dict[str, Any]]) -> str:
        return self.template.render(messages=messages, add_generation_prompt=True, tools=None, **self.special)
