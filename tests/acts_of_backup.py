"""The acts of operators who back up and restore. None is a case: none works within a transaction."""

EXEMPT = {
    "backup.making.make": "copies what stands, over a moment of its own; its entry: tests/backup/test_making",
    "backup.making.own_keys": "names places",
    "backup.making.below_root": "computes",
    "backup.restoring.plan": "reads",
    "backup.restoring.restore": "puts another database in this one's place; its entry: tests/backup/test_restoring",
}
