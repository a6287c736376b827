"""Why an answer is good or not: what can be ticked beside a thumb. The names are stored, the words are shown."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, Mapping[str, Promise]] = {
    "up": {"right": _("Right"), "clear": _("Easy to read"), "complete": _("Complete"), "style": _("The right tone")},
    "down": {
        "wrong": _("Not right"),
        "unclear": _("Hard to read"),
        "incomplete": _("Something is missing"),
        "astray": _("Did not do what I asked"),
        "long": _("Too long"),
        "unfit": _("Unsafe or unfit for work"),
    },
}
