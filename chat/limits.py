"""How much one person may have under way: so many answers at once, and so many that wait behind them.

Whoever asks fifty questions at once waits for their own answers, and nobody else does.
"""

import math
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat import queue
from chat.models import Generation
from models_admin.models import Deployment

UNKNOWN_SECONDS = 30  # while nobody has been answered yet
LOCK = 0x48454153  # the first half of an advisory lock; the second half is the person's
PER_TOKEN = 16  # characters: hardly any text has more to a token


class Crowded(Exception):
    """The person has too many questions waiting; the message is a sentence. `seconds`: when to ask again, about."""

    def __init__(self, waiting: int, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            _("%(waiting)s of your questions wait already. Ask again in about %(time)s, or stop one of them.")
            % {"waiting": waiting, "time": _in_words(seconds)}
        )


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return _("%(n)s seconds") % {"n": seconds}
    return ngettext("%(n)s minute", "%(n)s minutes", round(seconds / 60)) % {"n": round(seconds / 60)}


def take_place(user: UUID) -> None:
    """In the transaction that asks: raise Crowded where the person has as many waiting as may be. Exact for doubles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, str(user)])
    waiting = Generation.objects.for_housekeeping().filter(user=user, state=Generation.State.QUEUED)
    count = waiting.count()
    if count >= settings.ANSWERS_WAITING:
        raise Crowded(count, _until_one_begins(waiting.select_related("deployment").earliest("queued_at")))


def _until_one_begins(first: Generation) -> int:
    """Return in about how many seconds the first of somebody's waiting answers begins."""
    seconds = queue.place_of(first).wait_seconds or queue.usual_seconds(first.deployment_id) or UNKNOWN_SECONDS
    return max(1, math.ceil(seconds))


def too_long_for(deployment: Deployment, text: str) -> str:
    """Return why a question cannot fit what a model reads, whatever it says, or nothing.

    How many tokens it has is counted where the model is, before a word is said. This only keeps out what is hopeless.
    """
    if not deployment.context or len(text) <= PER_TOKEN * deployment.context:
        return ""
    return _(
        "The question has %(n)s characters. %(model)s reads %(tokens)s tokens in all, about %(most)s characters. "
        "Shorten it, or choose another model."
    ) % {
        "n": number_format(len(text), force_grouping=True),
        "model": deployment.name,
        "tokens": number_format(deployment.context, force_grouping=True),
        "most": number_format(4 * deployment.context, force_grouping=True),
    }
