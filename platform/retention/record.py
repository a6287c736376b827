"""The rules in force as a record of processing, as article 30 of the GDPR asks for one: what is kept, how long, why."""

from typing import Any

from django.db import transaction

from accounts.authority import require
from accounts.models import Organisation, Team, User
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from retention.kinds import kinds
from retention.models import Hold
from retention.rule import Terms
from retention.terms import house, in_force


def _said(terms: Terms) -> dict[str, Any]:
    return {
        "chats_days": terms.days,
        "files_days": terms.file_days,
        "temporary_hours": terms.temporary_hours,
        "grace_days_after_delete": terms.grace_days,
        "pinned_chats_exempt": terms.pinned_exempt,
    }


@transaction.atomic
def in_force_for(reader: User, *, at: str) -> dict[str, Any]:
    """Return everything that decides how long something is kept. Null means without an end. Raises Refused."""
    require(reader, Power.SEE_RETENTION)
    own, rules = house(), in_force()
    name = Organisation.objects.values_list("name", flat=True).first()
    said = {
        "organisation": name,
        "at": at,
        "bounds": {"least_days": own.least, "most_days": own.most},
        "usual": _said(rules.usual),
        "teams": {team.name: _said(rules.of(team.pk)) for team in Team.objects.order_by("name")},
        "kinds": [{"kind": str(kind.label), "rule": str(kind.rule), "rows": list(kind.claims)} for kind in kinds()],
        "exports_hours": own.export_hours,
        "backups_days": own.backup_days,
        "who_deletes": own.get_deleting_display(),
        "legal_holds": Hold.objects.filter(released_at=None).count(),
    }
    record(verbs.RULES_EXPORTED)
    return said
