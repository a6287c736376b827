"""What can leave the house: every address that the configuration can reach, and a self-test of all others."""
