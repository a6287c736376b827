"""Why an act cannot be done now, whoever asks."""


class Refusal(Exception):
    """The act cannot be done; the message is a sentence for the person."""
