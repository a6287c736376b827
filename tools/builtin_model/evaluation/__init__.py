"""Asks the built-in model what nobody trained it on, through the engine that serves it."""
