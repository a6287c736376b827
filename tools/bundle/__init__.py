"""`make bundle`: everything that a machine without a network needs, in one file that can be checked."""
