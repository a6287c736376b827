"""What a model is given to read: the branch that leads to an answer, as turns."""

from chat.models import Generation, Message
from models_admin.engine.protocol import Request, Sampling, Turn


def branch_to(message: Message) -> list[Message]:
    """Return the messages from the first question to this message's parent, in order. One query."""
    of_chat = {m.pk: m for m in Message.objects.within(message.conversation)}
    branch, at = [], message.parent_id
    while at is not None:
        branch.append(of_chat[at])
        at = of_chat[at].parent_id
    return branch[::-1]


def request_for(generation: Generation, *, id: str, prefix: str) -> Request:
    """Return the engine's request under this name; `prefix` are the words already shown."""
    deployment = generation.deployment
    system = [Turn("system", deployment.system_prompt)] if deployment.system_prompt else []
    turns = [Turn(m.role, m.text) for m in branch_to(generation.message) if m.text]
    return Request(
        id=id,
        seat=str(generation.message.conversation_id),
        turns=(*system, *turns),
        sampling=Sampling(
            temperature=generation.parameters.get("temperature", deployment.temperature),
            seed=generation.seed,
            max_tokens=generation.parameters.get("max_tokens", deployment.max_tokens) * generation.rounds,
        ),
        prefix=prefix,
    )
