"""Makes the small model that Hearth ships: dialogues, training, export and evaluation."""
