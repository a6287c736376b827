"""What a model is given to read: the branch that leads to an answer, as turns."""

import re
from collections.abc import Sequence

from chat import files, recipes
from chat.models import Attachment, Generation, Message
from chat.queries import attachments_in
from models_admin.engine.protocol import Request, Turn


def branch_to(message: Message) -> list[Message]:
    """Return the messages from the first question to this message's parent, in order. One query."""
    of_chat = {m.pk: m for m in Message.objects.within(message.conversation)}
    branch, at = [], message.parent_id
    while at is not None:
        branch.append(of_chat[at])
        at = of_chat[at].parent_id
    return branch[::-1]


def with_files(text: str, attachments: Sequence[Attachment]) -> str:
    """Return a question as the model reads it: behind the text of each of its files."""
    return "\n\n".join([*(_read(use.name, files.text_of(use.file_id)) for use in attachments), text])


def _read(name: str, text: str | None) -> str:
    """Return a file in a fence that nothing inside of it closes."""
    if text is None:
        return f"[The file {name} is no longer kept.]"
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"File: {name}\n{fence}\n{text.removesuffix(chr(10))}\n{fence}"


def request_for(generation: Generation, *, id: str, prefix: str) -> Request:
    """Return the engine's request under this name; `prefix` are the words already shown."""
    words = recipes.system_of(generation)
    system = [Turn("system", words)] if words else []
    uses = attachments_in(generation.message.conversation)
    turns = [Turn(m.role, with_files(m.text, uses.get(m.pk, ()))) for m in branch_to(generation.message) if m.text]
    return Request(
        id=id,
        seat=str(generation.message.conversation_id),
        turns=(*system, *turns),
        sampling=recipes.sampling_of(generation),
        prefix=prefix,
    )
