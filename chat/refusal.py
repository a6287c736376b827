"""What says no to people."""


class Refusal(Exception):
    """The act cannot be done; the message is a sentence for the person."""
