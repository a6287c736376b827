"""Bytes on pages, as the registry says them everywhere."""

from django import template

from models_admin.models import shown_size

register = template.Library()
register.filter("shown_size", shown_size)
