"""What an operator should know before Hearth starts or is upgraded: a check is a function, a finding a sentence."""

from config.preflight.findings import Check, Finding, Level
from config.preflight.gathering import decisive, gather

__all__ = ["Check", "Finding", "Level", "decisive", "gather"]
