"""A browser in plain words, from what it says about itself. It is a hint for people, nothing rests on it."""

from django.utils.translation import gettext as _

FAMILIES = (  # the first that fits: most browsers also claim to be others
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def _first(agent: str, names: tuple[tuple[str, str], ...]) -> str | None:
    return next((name for mark, name in names if mark in agent), None)


def name_of(agent: str) -> str:
    """Return the browser and the system, as `Firefox on Windows`."""
    family, system = _first(agent, FAMILIES) or _("A browser"), _first(agent, SYSTEMS)
    return _("%(family)s on %(system)s") % {"family": family, "system": system} if system else family
