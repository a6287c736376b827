"""What search shows, as templates write it."""

import re

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from finding import marks

register = template.Library()
PIECE = re.compile(f"{marks.ON}([^{marks.OFF}]*){marks.OFF}|([^{marks.ON}{marks.OFF}]+)")


@register.filter
def marked(text: str) -> SafeString:
    """Escape a text, and make <mark> of what stands between the marks."""
    pieces = ((found, plain) for found, plain in PIECE.findall(text))
    found_or_plain = [("<mark>", found, "</mark>") if found else ("", plain, "") for found, plain in pieces]
    return format_html_join("", "{}{}{}", ((SafeString(on), said, SafeString(off)) for on, said, off in found_or_plain))
