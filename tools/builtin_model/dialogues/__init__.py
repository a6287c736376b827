"""Dialogues for the training of the built-in model, written by a grammar: endless, and the same for the same seed."""

from tools.builtin_model.dialogues.mixture import Dialogue, dialogues

__all__ = ["Dialogue", "dialogues"]
