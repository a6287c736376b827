"""`manage.py up`: the whole house as one command, with the real servers from their wheels."""
