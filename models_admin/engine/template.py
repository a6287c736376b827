"""The model's own chat template, rendered in a sandbox: it comes with the file, so it is not trusted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from jinja2 import Template
from jinja2.exceptions import SecurityError, TemplateError

from models_admin.engine.protocol import Turn
from models_admin.engine.sandbox import MOST_TEXT, Endless, Sandbox

# For files that bring no template of their own.
PLAIN = (
    "{% for message in messages %}{{ message.role | capitalize }}: {{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}Assistant: {% endif %}"
)
LONGEST = 200_000  # characters of template source
LONGEST_FORM = 200  # of a date


class BadTemplate(Exception):
    """The template cannot be used; the message is a sentence."""


def _raise(message: str) -> str:
    raise TemplateError(message)


def _now(form: str) -> str:
    if len(form) > LONGEST_FORM:
        raise Endless("it writes a date in more than a line")
    return datetime.now(UTC).strftime(form)


class ChatTemplate:
    """Turns become the text that this model was trained to read."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "") -> None:
        if len(source) > LONGEST:
            raise BadTemplate("The chat template is longer than any model needs.")
        self.environment = environment = Sandbox(extensions=["jinja2.ext.loopcontrols"])
        environment.globals.update(raise_exception=_raise, strftime_now=_now)
        try:
            self.template: Template = environment.from_string(source or PLAIN)
        except TemplateError as error:
            raise BadTemplate(f"The chat template cannot be read: {_line(error.message)}") from error
        except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
            raise BadTemplate(f"The chat template cannot be read ({type(error).__name__}).") from error
        self.special = {"bos_token": bos, "eos_token": eos}

    def render(self, turns: Sequence[Turn]) -> str:
        """Return the prompt up to where the answer begins. Raises BadTemplate."""
        try:
            return self._render([{"role": turn.role, "content": turn.text} for turn in turns])
        except SecurityError as error:
            raise BadTemplate(f"The chat template is refused: {_line(error.message)}.") from error
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
        self.environment.begin()
        said = self.template.generate(messages=messages, add_generation_prompt=True, tools=None, **self.special)
        pieces, room = [], MOST_TEXT + sum(len(message["content"]) for message in messages)
        for piece in said:
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                raise Endless("it writes more than any chat needs")
        return "".join(pieces)


def _line(message: str | None) -> str:
    """Return what Jinja says of a template as a line: it may quote it."""
    return "".join(letter for letter in (message or "") if letter.isprintable())[:200]
