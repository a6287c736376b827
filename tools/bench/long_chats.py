"""A chat of 500 messages: how long its page takes in the server, and by how many queries."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from config.supervisor.servers import Postgres, Valkey
from tools.bench.measuring import set_up, waits

SIZES = (6, 100, 500)  # messages
LOOKS = 60
ANSWER = (
    "Oak burns **slowly**: about `three` hours.\n\n- beech\n- ash\n\n```py\nprint('warm')\n```\n\n"
    + "Wood dries. " * 80
)
Say = Callable[[str], None]


def filled(email: str, deployment: UUID, count: int) -> str:
    """Make a chat of so many messages. Return its address."""
    from accounts.models import User
    from chat import actions
    from chat.models import Conversation, Generation, Message
    from models_admin.models import Deployment

    person, model = User.objects.get(email=email), Deployment.objects.get(pk=deployment)
    first = actions.begin(person, text="What burns slowly?", deployment=model, client_id=uuid4())
    Generation.objects.within(first).update(state="done", lease_until=None)
    chat, parent, said, lives = first.message.conversation, first.message_id, [], []
    for n in range(2, count):
        role, text = ("assistant", ANSWER) if n % 2 else ("user", f"And what else, for the {n}th time?")
        said.append(Message(conversation=chat, parent_id=parent, role=role, text=text))
        if n % 2:
            life = {"user": person, "team_id": chat.team_id, "deployment": model, "model_name": "Stub"}
            lives.append(Generation(message=said[-1], client_id=uuid4(), state="done", **life))
        parent = said[-1].pk
    Message.objects.bulk_create(said)
    Generation.objects.bulk_create(lives)
    Conversation.objects.within(chat).update(head=parent)
    return chat.get_absolute_url()


def measure(say: Say) -> dict[str, Any]:
    """Run all of it against servers of its own."""
    with TemporaryDirectory() as directory:
        var = Path(directory)
        (var / "log").mkdir()
        postgres, valkey = Postgres(var), Valkey(var)
        children = [postgres.child(), valkey.child()]
        for child in children:
            child.start()
        try:
            postgres.wait_until_ready()
            valkey.wait_until_ready()
            return _opened(set_up(postgres, var, redis=valkey.url), say)
        finally:
            for child in children:
                child.end()


def _opened(deployment: UUID, say: Say) -> dict[str, Any]:
    from accounts.actions import add_person
    from accounts.models import Team
    from chat import actions

    actions._ring_quietly = lambda pk: None  # type: ignore[assignment]  # nobody answers here
    team = Team.objects.create(name="Engineering")
    found = {}
    for count in SIZES:
        email = f"p{count}@example.org"
        add_person(email=email, password=None, display_name="P", team=team)
        address = filled(email, deployment, count)
        found[f"{count} messages"] = waits(lambda who=email: who, lambda to=address: to, LOOKS, partial=False)  # type: ignore[misc]
        say(f"{count:4} messages {found[f'{count} messages']}")
    return found
