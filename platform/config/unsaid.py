"""What log lines leave out, whoever writes them: addresses of pages, and words of errors.

A path may hold a token, a query what somebody searches: the name of the door stands there instead. An error of the
database quotes the row that it refused: the kinds of errors stand in the log with the places in the code, and no words.
"""

import re
from collections.abc import Iterator, Mapping
from traceback import extract_tb
from types import TracebackType
from typing import Any

from django.urls import Resolver404, resolve
from structlog.processors import ExceptionRenderer
from structlog.typing import EventDict, WrappedLogger

NOWHERE = "nowhere"
TRACEBACK = "Traceback (most recent call last):"
ID = re.compile(r"[\w-]{1,64}")
# Of a traceback that comes as text: the places in the code, and the kinds of errors at the beginning of a line.
PLACE = re.compile(r' +File ".*", line \d+, in \S+')
KIND = re.compile(r"(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)(?=:|$)|(?:[a-z_]\w*\.)+[A-Z]\w*(?=:|$)")


def door_of(address: str) -> str:
    """Return the name of the door at an address."""
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return NOWHERE


def without_addresses(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Name the door of a request, and drop names of requests that no proxy of ours would give."""
    if isinstance(event.get("request"), str):
        method, _, address = event["request"].partition(" ")
        event["request"] = f"{method} {door_of(address)}"
    for name in ("request_id", "correlation_id"):
        if not ID.fullmatch(str(event.get(name, ""))):
            event.pop(name, None)
    return event


def without_words(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Say anew what another library logs: errors by their kind, and addresses by their door."""
    record, args = event["_record"], event.pop("positional_args", None)
    if not isinstance(record.msg, str):
        event["event"] = getattr(record.msg, "type", type(record.msg)).__name__
    elif isinstance(args, Mapping):  # as Celery does
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "an error"
        event["event"] = record.msg % {**args, **dict.fromkeys(("exc", "traceback"), kind)}
    elif args:
        event["event"] = record.msg % tuple(_plain(arg, of_request=hasattr(record, "request")) for arg in args)
    event["event"] = _shorn(event["event"])
    return event


def _plain(arg: Any, *, of_request: bool) -> Any:
    if isinstance(arg, BaseException):
        return type(arg).__name__
    return door_of(arg) if of_request and isinstance(arg, str) and arg.startswith("/") else arg


def _shorn(text: str) -> str:
    """Return a text without the words of the errors in it; asyncio says them behind its first line."""
    first, _, rest = text.partition("\n")
    if TRACEBACK not in text:
        return first
    head = first.partition(TRACEBACK)[0]
    found = (PLACE.match(line) or KIND.match(line) for line in rest.split("\n"))
    return "\n".join([f"{head}{TRACEBACK}", *(one[0] for one in found if one)])


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those behind it, the last one first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Return an error and what led to it: places in the code and kinds, without a word that it says."""
    lines = [TRACEBACK]
    for error in reversed(list(_chain(exc_info[1]))):
        frames = extract_tb(error.__traceback__)
        lines += [f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in frames]
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
    return "\n".join(lines)


errors_by_kind = ExceptionRenderer(_told)
