"""How long requests to see content are kept: as long as the audit log's entries about them."""

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from breakglass.models import Glass
from retention.kinds import AT_ONCE, Kind, Purged
from retention.terms import InForce

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Requests(Kind):
    """Break-glass: who asked for what, and which chats were opened."""

    name: ClassVar[str] = "requests"
    label: ClassVar["StrOrPromise"] = gettext_lazy("Break-glass requests")
    claims: ClassVar[tuple[str, ...]] = ("breakglass.Glass", "breakglass.Look")
    rule: ClassVar["StrOrPromise"] = gettext_lazy("As long as the audit log.")

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        old = Glass.objects.for_housekeeping().filter(ended_at__lte=Now() - timedelta(days=settings.AUDIT_DAYS))
        pks = list(old.values_list("pk", flat=True)[:limit])
        if pks:
            Glass.objects.for_housekeeping().filter(pk__in=pks).delete()
        return Purged(tuple(map(str, pks)), {"": +Counter(requests=len(pks))})
