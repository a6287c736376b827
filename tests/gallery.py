"""Every page of the product, with something on it: for looking at, and for tests of all pages.

The list is that of `authz.yaml`: whatever route lets somebody in by GET is a page, unless it is NO_PAGE. A house is
filled with one of each object by `fill`, which runs inside it.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

# Routes that let people in and show no page, each with the reason.
NO_PAGE = {
    "accounts:logo": "a picture",
    "accounts:shades": "a style sheet",
    "chat:attachment": "a file",
    "chat:draft": "a part of a page",
    "chat:glass_file": "a file",
    "chat:new_draft": "a part of a page",
    "chat:sidebar": "a part of a page",
    "finding:palette": "what a list is filled with",
    "mfa_reauthenticate_webauthn": "leads elsewhere",
    "moving:json": "a file",
    "moving:markdown": "a file",
    "moving:piece": "how far an upload is",
    "models_admin:piece": "how far an upload is",
    "models_admin:work": "a part of a page",
    "prompts:pick": "a part of a page",
    "prompts:text": "a text for a script",
    "sharing:people": "a part of a page",
    "words": "a script",
    "you:fetch": "a file",
}
# Who looks, where several may: the first of these.
WHO = ("anonymous", "holder", "owner", "admin", "auditor", "team_admin", "teammate", "guest", "stranger")
BY = {"mfa_add_webauthn": "teammate"}  # the holder's key is none that a device made
NAMES = {
    "holder": "Ada Lovelace",
    "teammate": "Bob Baker",
    "stranger": "Cleo Chen",
    "guest": "Gus Guest",
    "team_admin": "Tove Team",
    "auditor": "Olga Auditor",
    "admin": "Alan Admin",
    "owner": "Oona Owner",
}
QUESTION = "How much wood do I need to heat a small cabin for a weekend, and how do I work it out?"
ANSWER = r"""A cabin of **30 m²** that is insulated as usual loses about 2 kW on a cold day. Over a weekend that is

$$ Q = P \cdot t = 2\,\text{kW} \cdot 48\,\text{h} = 96\,\text{kWh} $$

## What the wood gives

| Wood | kWh per kg | Kilograms |
| :--- | ---: | ---: |
| Oak | 4.2 | 29 |
| Birch | 4.3 | 28 |
| Spruce | 4.5 | 27 |

The stove turns only $\eta = 0.8$ of it into warmth, so divide by that:

```python
def wood(power: float, hours: float, per_kg: float = 4.2, eta: float = 0.8) -> float:
    return power * hours / per_kg / eta  # kilograms

print(round(wood(2, 48)))  # 29
```

1. Take dry wood: damp wood gives half as much.
2. Bring some more than you need.

> A fire that is small and hot is cleaner than one that smoulders. See [the chimney sweep's page](https://example.org/).
"""
TITLES = ("Letter to the landlord", "Budget of the spring fair, with all stands and their rents in one table", "")


@dataclass(frozen=True)
class View:
    """One page: its name, who looks at it, and its address in the house."""

    name: str
    who: str
    path: str


def routes_with_pages() -> list[Any]:
    """Return one row of the matrix for each route that shows somebody a page."""
    from authz import matrix

    shown: dict[str, Any] = {}
    for row in matrix().rows:
        if "200" in row.told["GET"].values() and row.route not in NO_PAGE:
            shown.setdefault(row.route, row)
    return list(shown.values())


def _views(world: Any, extra: dict[str, tuple[str, str]]) -> Iterator[View]:
    for row in routes_with_pages():
        who = BY.get(row.route) or next(who for who in WHO if row.told["GET"].get(who) == "200")
        yield View(row.route.replace(":", "-"), who, world.path(row))
    for name, (who, path) in extra.items():
        yield View(name, who, path)


def fill() -> None:
    """Fill this house. Say the pages and the sessions of those who look at them."""
    from django.test.utils import setup_test_environment

    setup_test_environment()  # for its name of the host
    from cast import make_world

    from accounts.models import Organisation, User
    from models_admin.models import ModelFile

    world = make_world()
    world.objects["ready_file"] = ModelFile.objects.get(path__endswith="hearth-demo.gguf").pk  # the one that lies there
    for name, said in NAMES.items():
        User.objects.filter(email=f"{name}@example.org").update(display_name=said)
    Organisation.objects.update(name="Aalto Stoves")
    extra = _chats(world) | _ways(world)
    told = {"views": [asdict(view) for view in _views(world, extra)], "sessions": world.sessions}
    sys.stdout.write(json.dumps(told))


def _chats(world: Any) -> dict[str, tuple[str, str]]:
    """Give the holder's chat words, and some more chats. Return the addresses of those that look otherwise."""
    from factories import asked, make_deployment
    from keeping import chat_of

    from accounts.models import User

    ada = User.objects.get(email="holder@example.org")
    chat = ada.conversations.get(pk=world.objects["conversation"])
    ada.conversations.filter(pk=chat.pk).update(title="Wood for the cabin")
    chat.messages.filter(pk=world.objects["question"]).update(text=QUESTION)
    chat.messages.filter(pk=world.objects["answer"]).update(text=ANSWER)
    for days, title in enumerate(TITLES):
        chat_of(ada, age=timedelta(days=3 * days + 1), title=title, team=chat.team)
    slow = make_deployment("stub:?words=3000&rate=20&slots=4", name="Slow and steady")
    live = asked(ada, "Tell me of fire, at length.", deployment=slow)
    return {"chat-live": ("holder", live.message.conversation.get_absolute_url())}


def _ways(world: Any) -> dict[str, tuple[str, str]]:
    """Pages that stand behind no route of their own."""
    return {
        "error-404": ("holder", "/nothing/is/here/"),
        "refusal": ("team_admin", f"/data/teams/{world.objects['other_team']}/"),
        "log-of-a-verb": ("auditor", "/audit/?verb=accounts.person_added"),
    }


def filled(house: Any) -> tuple[list[View], dict[str, str]]:
    """Fill a house that is running and empty. Return its pages, and the keys of sessions by who looks."""
    tests = str(Path(__file__).parent)
    told = json.loads(house.run("import sys; sys.path.insert(0, sys.argv[1]); import gallery; gallery.fill()", tests))
    return [View(**view) for view in told["views"]], told["sessions"]
