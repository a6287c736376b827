"""The acts of those who write prompts that others use, and their entries."""

from acts import Case
from factories import make_owner, make_team

from accounts.models import User
from prompts import actions
from prompts.actions import Words
from prompts.models import Prompt
from prompts.shelves import Place

MADE = "accounts.person_added"
WORDS = Words("salamanders", "Salamanders", "What do salamanders say to {{ whom }}?")
BEGUN = (MADE, "prompts.prompt_made")


def made(_: User) -> Prompt:
    return actions.make(Place(team=make_team()), WORDS, by=make_owner())


def for_everybody(_: User) -> Prompt:
    return actions.make(Place(), WORDS, by=make_owner())


def changed(ada: User) -> Prompt:
    words = Words("salamanders", "Salamanders", "What do salamanders say?")
    return actions.change(made(ada), words, seen=1, by=make_owner())


def restored(ada: User) -> None:
    prompt = made(ada)
    actions.delete(prompt, by=make_owner())
    actions.restore(prompt, by=make_owner())


EXEMPT = {"prompts.actions.copy": "makes a prompt of one's own, which is nobody else's business"}
CASES = {
    "prompts.actions.make": Case(for_everybody, BEGUN, {"facts": {"shelf": "organisation", "version": 1}}),
    "prompts.actions.change": Case(
        changed, (*BEGUN, "prompts.prompt_changed"), {"facts": {"shelf": "team", "version": 2}}
    ),
    "prompts.actions.use_again": Case(
        lambda ada: actions.use_again(changed(ada), 1, by=make_owner()),
        (*BEGUN, "prompts.prompt_changed", "prompts.prompt_changed"),
        {"facts": {"shelf": "team", "version": 3}},
    ),
    "prompts.actions.delete": Case(
        lambda ada: actions.delete(made(ada), by=make_owner()), (*BEGUN, "prompts.prompt_deleted"), {}
    ),
    "prompts.actions.restore": Case(restored, (*BEGUN, "prompts.prompt_deleted", "prompts.prompt_restored"), {}),
}
