"""What stops a backup or a restore before it does anything."""


class Refused(Exception):
    """Nothing was done; the message is a sentence for the operator."""
