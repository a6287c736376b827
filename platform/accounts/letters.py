"""What people are told by mail about their account. A letter waits in the transaction of the act that it tells of."""

from django.conf import settings
from django.db import transaction

from accounts.bells import ring
from accounts.models import Letter


def write_to(email: str, kind: Letter.Kind, *, what: str = "") -> None:
    """Have housekeeping mail it once this transaction is committed. Where no mail is set up nothing waits.

    `what` names a kind of factor. A letter holds no other words than those, and nothing that opens a door.
    """
    if settings.MAIL_IS_SET_UP:
        Letter.objects.create(email=email, kind=kind, what=what)
        transaction.on_commit(ring_for_mails)


def ring_for_mails() -> None:
    """Have housekeeping mail what waits."""
    ring("accounts.mail_invitations")
