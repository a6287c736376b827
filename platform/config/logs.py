"""JSON log lines."""

import structlog
from structlog.typing import Processor

from config.unsaid import errors_by_kind, without_addresses, without_words

# What `extra` may add to a line: ids, counts, places and why they did not answer; never what people wrote.
TOLD = {
    "answers",
    "attempt",
    "conversation",
    "deployment",
    "error",
    "export",
    "generation",
    "kind",
    "place",
    "reason",
    "seconds",
    "status_code",
    "team",
    "to",
    "user",
    "what",
}


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """Return the formatter for every handler: time, level, logger, event, ids and request id as one JSON object."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        errors_by_kind,
        without_addresses,
    ]
    if not structlog.is_configured():
        structlog.configure(
            processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
            logger_factory=structlog.stdlib.LoggerFactory(),
            cache_logger_on_first_use=True,
        )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[without_words, *shared, structlog.stdlib.ExtraAdder(TOLD)],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        pass_foreign_args=True,
    )
