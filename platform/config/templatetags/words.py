"""Where a page finds the words of its scripts."""

from django.template import Library
from django.utils.translation import get_language, gettext

from config import words

register = Library()


@register.filter
def spoken(stored: str) -> str:
    """Return what is stored in English, in the reader's language where the catalogue has it."""
    return gettext(stored) if stored else ""


@register.simple_tag
def words_address() -> str:
    """Return the address of the script with the words, or an empty text where none is needed."""
    return words.address(get_language() or "en")
