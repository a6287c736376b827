"""An entry with the field names of the Open Cybersecurity Schema Framework (1.3)."""

import json
from typing import Any

from audit.models import Entry

VERSION = "1.3.0"
# class (category * 1000 + n), activity
AUTHENTICATION, ACCOUNT_CHANGE, ENTITY, API = 3002, 3001, 3004, 6003
LOGON, LOGOFF, OTHER = 1, 2, 99
CLASSES = {
    "accounts.signed_in": (AUTHENTICATION, LOGON),
    "accounts.sign_in_refused": (AUTHENTICATION, LOGON),
    "accounts.signed_out": (AUTHENTICATION, LOGOFF),
    "accounts.sessions_ended": (AUTHENTICATION, LOGOFF),
    "accounts.person_added": (ACCOUNT_CHANGE, 1),
    "accounts.person_deactivated": (ACCOUNT_CHANGE, 5),
    "accounts.password_changed": (ACCOUNT_CHANGE, 3),
    "accounts.password_reset_asked": (ACCOUNT_CHANGE, 4),
    "models.deployed": (ENTITY, 3),
    "models.switched_off": (ENTITY, 3),
    "chat.conversation_deleted": (ENTITY, 4),
    "audit.read": (API, 2),
    "audit.exported": (API, 2),
}
INFORMATIONAL, MEDIUM = 1, 3
SUCCESS, FAILURE = 1, 2


def event(entry: Entry) -> dict[str, Any]:
    """Return the event. What OCSF has no name for stands under `unmapped`."""
    body = json.loads(entry.body)
    actor, refused = body["actor"], entry.result == "refused"
    kind, activity = CLASSES.get(entry.verb, (ENTITY, OTHER))
    return {
        "class_uid": kind,
        "category_uid": kind // 1000,
        "activity_id": activity,
        "type_uid": kind * 100 + activity,
        "activity_name": entry.verb,
        "time": int(entry.at.timestamp() * 1000),
        "severity_id": MEDIUM if refused else INFORMATIONAL,
        "status_id": FAILURE if refused else SUCCESS,
        "status": "Failure" if refused else "Success",
        "actor": {
            "user": {"uid": actor["id"], "type": actor["kind"]},
            "session": {"uid": actor["session"]},
        },
        "src_endpoint": {"ip": actor["address"]},
        "metadata": {
            "version": VERSION,
            "product": {"name": "Hearth", "vendor_name": "Hearth"},
            "uid": entry.hash,
            "sequence": entry.seq,
        },
        "resources": [{"uid": target["id"], "type": target["kind"]} for target in body["targets"]],
        "unmapped": {"changes": body["changes"], "facts": body["facts"], "prev": entry.prev},
    }
