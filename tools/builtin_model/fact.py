"""One fact that the built-in model knows: what it answers, and how a right answer is recognised."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One topic: its answers, and what a right answer must contain.

    `must` holds regular expressions, ignoring case; an answer is right when each of them is found in it. `more`, `why`
    and `who` answer the follow-up questions "tell me more", "why?" and "who can do that?".
    """

    topic: str
    must: tuple[str, ...]
    answers: tuple[str, ...]
    more: str
    why: str
    who: str

    def holds(self, answer: str) -> bool:
        """Return whether the answer states this fact."""
        return all(re.search(mark, answer, re.IGNORECASE) for mark in self.must)


WHO = {
    "identity": "An administrator can add a larger model beside me.",
    "hearth": "An administrator looks after that.",
    "privacy": "Administrators see to it, and auditors can check it.",
    "retention": "Team admins can, within the bounds of the organisation.",
    "delete": "You can, for your own chats.",
    "audit": "Auditors can.",
    "teams": "Team admins can.",
    "account": "An administrator can help you.",
    "models": "An administrator can.",
    "chat": "You can do that yourself.",
    "ops": "An administrator or operator can.",
}
"""Answers to "who can do that?" by the first part of the topic, where a fact has none of its own."""


def fact(topic: str, must: str, *answers: str, more: str, why: str = "", who: str = "") -> Fact:
    """Build one fact; `must` parts stand between ampersands, and what is left out follows from the rest."""
    group = WHO.get(topic.split(".")[0], "An administrator can.")
    return Fact(topic, tuple(must.split(" & ")), answers, more, why or more, who or group)
