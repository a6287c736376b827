"""One chat as a file for its owner: to read, or with everything in it. Who asks for it has found it among their own."""

from dataclasses import dataclass

from django.db import transaction

from audit import verbs
from audit.actions import record
from audit.entry import Target
from chat import papers
from chat.models import Conversation
from chat.queries import Row, thread_of
from moving.queries import models_of

MARKDOWN, JSON, PRINT = "markdown", "json", "print"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is about to be downloaded."""

    name: str
    media_type: str
    content: bytes


@transaction.atomic
def paper_of(conversation: Conversation, form: str) -> Paper:
    """Return a chat as Markdown (the branch that is shown) or as JSON (all of it), and have the log say so."""
    stem = papers.name_of(conversation)
    if form == JSON:
        content = papers.as_json(conversation, papers.said_in(conversation), models=models_of(conversation))
        paper = Paper(f"{stem}.json", "application/json", content)
    else:
        shown = [row.message for row in thread_of(conversation)]
        paper = Paper(f"{stem}.md", "text/markdown; charset=utf-8", papers.as_markdown(conversation, shown).encode())
    _record(conversation, form)
    return paper


@transaction.atomic
def printed(conversation: Conversation) -> list[Row]:
    """Return the branch that is shown, for a page to be printed, and have the log say so."""
    rows = thread_of(conversation)
    _record(conversation, PRINT)
    return rows


def _record(conversation: Conversation, form: str) -> None:
    record(verbs.MOVED_OUT, targets=[Target("conversation", conversation.pk)], facts={"format": form})
