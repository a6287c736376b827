"""Questions that leave the premises: each is written down, and none leaves that may not at this moment."""

from django.db import transaction
from django.utils.translation import gettext_noop

from audit import verbs
from audit.actions import record
from audit.actor import Actor, Kind
from audit.entry import Target
from chat import queue
from chat.models import Generation
from models_admin.queries import may_still_leave

MAY_NOT_LEAVE = gettext_noop("What you ask this model would leave the premises, which is no longer allowed.")


def has_left(generation: Generation) -> bool:
    """Whether an attempt before this one may have been asked outside: the mark stays then. Before, it is a promise."""
    return generation.left_premises and generation.attempt > 1


@transaction.atomic
def let_out(generation: Generation, *, text: str) -> bool:
    """Write down that a claimed answer is asked outside. Where it may no longer, end it, and return False."""
    if not may_still_leave(generation.team_id, generation.deployment):
        state, reason = Generation.State.FAILED, MAY_NOT_LEAVE
        left = has_left(generation)
        queue.finish(generation.pk, generation.attempt, text=text, state=state, reason=reason, left_premises=left)
        return False
    by = Actor(Kind.PERSON, str(generation.user_id))
    record(verbs.ASKED_OUTSIDE, by=by, targets=[Target("deployment", generation.deployment_id)])
    return True
