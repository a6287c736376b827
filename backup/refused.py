"""What stops a backup or a restore: before it does anything, or behind what cannot be taken back."""


class Refused(Exception):
    """Nothing was done; the message is a sentence for the operator."""


class Unfinished(Exception):
    """The database is the backup's, and what belongs behind it was not done; the message says what remains."""
