"""Where a model's chat template runs: it comes with a file from anywhere, so it reaches nothing and must end.

Jinja's sandbox keeps it from files and from Python's insides. It does not keep it from looping or growing: here every
turn of a loop and every call is counted, and what would be huge is refused before it is made.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from functools import wraps
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST_STEPS = 300_000  # turns of loops and calls in one rendering; a chat of a thousand turns takes some ten thousand
MOST_SECONDS = 5.0
MOST_TEXT = 4_000_000  # characters
MOST_ITEMS = 100_000
MOST_BITS = 512  # of a number
WIDEST = 10_000  # the largest number that a filter or a method may be given: widths, counts, indents
UNUSED = ("lipsum", "cycler", "joiner")  # no chat template needs them
WIDTH = re.compile(r"\d{5,}|%[^A-Za-z%]*\*|\{[^{}]*\{")  # in a format: five digits, or taken from elsewhere


class Endless(SecurityError):
    """The template does more than any chat needs."""


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for one template at a time: `begin` before each rendering."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_blocks=True, lstrip_blocks=True, optimized=False, **options)
        for name in UNUSED:
            self.globals.pop(name, None)
        self.globals["range"] = self._range
        self.filters = {name: self._bounded(one) for name, one in self.filters.items()}
        self.filters |= {" counted": self._counted, " joined": self._joined}  # no template can say these names
        self.begin()

    def begin(self) -> None:
        """A rendering begins: nothing is counted yet."""
        self.steps = 0
        self.until = time.monotonic() + MOST_SECONDS

    def count(self, steps: int = 1) -> None:
        """The template has done so much more. Raises Endless."""
        self.steps += steps
        if self.steps > MOST_STEPS or time.monotonic() > self.until:
            raise Endless("it goes on for longer than any chat needs")

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls, within bounds: Jinja's name for it and its arguments."""
        __self.count()
        _check_sizes(__obj, (*args, *kwargs.values()))
        return _small(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Compute what a template computes, unless the result would be huge."""
        _check_operator(operator, left, right)
        return _small(super().call_binop(context, operator, left, right))

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> Any:
        """Jinja's hook between reading and compiling: loops are counted, and texts joined by `~` measured."""
        for loop in source.find_all(nodes.For):
            loop.iter = self._through(" counted", loop.iter)
        for concat in source.find_all(nodes.Concat):
            concat.nodes = [self._through(" joined", nodes.List(concat.nodes))]
        source.set_environment(self)
        return super()._generate(source, *args, **kwargs)

    def _through(self, name: str, node: nodes.Node) -> nodes.Expr:
        through = nodes.Filter(node, name, [], [], None, None)
        through.set_lineno(node.lineno)
        return through

    def _bounded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def bounded(*args: Any, **kwargs: Any) -> Any:
            self.count()
            _check_sizes(function, (*args, *kwargs.values()))
            return _small(function(*args, **kwargs))

        return bounded

    def _range(self, *args: int) -> range:
        numbers = range(*args)
        if len(numbers) > MOST_ITEMS:
            raise Endless("it counts further than any chat needs")
        return numbers

    def _counted(self, items: Any) -> Any:
        if isinstance(items, Sized):
            self.count(len(items))
            return items
        return self._each(items)

    def _each(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.count()
            yield item

    def _joined(self, parts: list[Any]) -> str:
        texts = [str(part) for part in parts]
        if sum(map(len, texts)) > MOST_TEXT:
            raise Endless("it writes more than any chat needs")
        return "".join(texts)


def _check_operator(operator: str, left: Any, right: Any) -> None:
    """Raise Endless where the result of two values would be huge."""
    if operator == "%" and isinstance(left, str) and WIDTH.search(left):
        raise Endless("it writes more than any chat needs")
    if operator == "**" and not _bits(left) * abs(right if isinstance(right, int) else 1) <= MOST_BITS:
        raise Endless("it computes larger numbers than any chat needs")
    if operator == "+" and _length(left) + _length(right) > MOST_TEXT:
        raise Endless("it writes more than any chat needs")
    if operator == "*":
        times = left if isinstance(left, int) else right
        if (_length(left) + _length(right)) * abs(times if isinstance(times, int) else 1) > MOST_TEXT:
            raise Endless("it writes more than any chat needs")


def _check_sizes(function: Any, values: tuple[Any, ...]) -> None:
    """Raise Endless for numbers and formats that make a filter or a method write a lot, or write all pairs of two."""
    owner = getattr(getattr(function, "__wrapped__", function), "__self__", None)  # Jinja wraps the text's `format`
    texts = [one for one in (owner, *values) if isinstance(one, str)]
    if any(isinstance(one, int) and abs(one) > WIDEST for one in values):
        raise Endless("it asks for more than any chat needs")
    if "format" in getattr(function, "__name__", "") and any(map(WIDTH.search, texts)):
        raise Endless("it writes more than any chat needs")
    sizes = sorted(_length(one) for one in (owner, *values))
    if len(sizes) > 1 and sizes[-1] * sizes[-2] > 100 * MOST_TEXT:
        raise Endless("it writes more than any chat needs")


def _small(value: Any) -> Any:
    if _length(value) > MOST_TEXT or _bits(value) > MOST_BITS:
        raise Endless("it makes more than any chat needs")
    return value


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | bytes | list | tuple | dict) else 0


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 0
