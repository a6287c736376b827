"""Processes and places of a self-test in the reader's language: they are stored in English."""

from django.template import Library
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

register = Library()
ROLES = {
    "web": pgettext_lazy("process", "web"),
    "host": pgettext_lazy("process", "host"),
    "housekeeping": pgettext_lazy("process", "housekeeping"),
    "beat": pgettext_lazy("process", "beat"),
    "command": pgettext_lazy("process", "command"),
}


@register.filter
def roles(stored: str) -> str:
    """Return the roles of processes, as `web, host`."""
    return ", ".join(str(ROLES.get(one, one)) for one in stored.split(", "))


@register.filter
def process(stored: str) -> str:
    """Return a role and its machine, as `host on gpu1`, or a role alone."""
    role, on, machine = stored.partition(" on ")
    return _("%(role)s on %(machine)s") % {"role": roles(role), "machine": machine} if on else roles(role)


@register.filter
def place(stored: object) -> str:
    """Return an address, or a name that somebody is asked for, as `name example.com`."""
    kind, space, name = str(stored).partition(" ")
    return _("name %(name)s") % {"name": name} if space and kind == "name" else str(stored)
