"""Days and minutes within a sentence that is translated as a whole: its translation says where they stand."""

from datetime import datetime

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

register = Library()


def _said(template: str, at: datetime | None) -> SafeString:
    return mark_safe(render_to_string(template, {"at": at}).strip())


@register.filter
def day(at: datetime | None) -> SafeString:
    """Return `12 Mar 2027` as an element that the browser puts in the reader's own time."""
    return _said("chat/_day.html", at)


@register.filter
def minute(at: datetime | None) -> SafeString:
    """Return `12 Mar 2027, 09:05 UTC`, likewise."""
    return _said("chat/_minute.html", at)


@register.filter
def moment(at: datetime | None) -> SafeString:
    """Return `2027-03-12 09:05 UTC`, with the reader's own time as its title."""
    return _said("breakglass/_moment.html", at)
