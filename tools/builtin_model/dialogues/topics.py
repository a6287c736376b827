"""The wordings of all topics."""

from tools.builtin_model.dialogues import (
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

TOPICS: dict[str, Wordings] = {
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
"""Wordings by topic."""
