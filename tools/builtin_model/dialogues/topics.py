"""The wordings of all topics."""

from dataclasses import replace

from tools.builtin_model.dialogues import (
    more_house,
    more_use,
    topics_abilities,
    topics_answers,
    topics_chats,
    topics_house,
    topics_models,
    topics_ops,
    topics_people,
    topics_privacy,
    topics_retention,
    topics_screen,
    topics_self,
    topics_server,
    topics_traces,
)
from tools.builtin_model.dialogues.grammar import Wordings

_FIRST: dict[str, Wordings] = {
    **topics_abilities.TOPICS,
    **topics_answers.TOPICS,
    **topics_chats.TOPICS,
    **topics_house.TOPICS,
    **topics_models.TOPICS,
    **topics_ops.TOPICS,
    **topics_people.TOPICS,
    **topics_privacy.TOPICS,
    **topics_retention.TOPICS,
    **topics_screen.TOPICS,
    **topics_self.TOPICS,
    **topics_server.TOPICS,
    **topics_traces.TOPICS,
}
_MORE = more_house.MORE | more_use.MORE

TOPICS: dict[str, Wordings] = {
    topic: replace(wordings, asks=wordings.asks + _MORE[topic]) for topic, wordings in _FIRST.items()
}
"""Wordings by topic."""
