"""What chat pages say of imported answers, of which Hearth knows no more than their source said."""

from uuid import UUID

from django import template
from django.template import Context

from chat.models import Conversation
from moving.queries import model_in

register = template.Library()


@register.simple_tag(takes_context=True)
def imported_model(context: Context, conversation: Conversation | None, message: UUID) -> str:
    """Return the model that the source of an imported chat named for an answer, or nothing. One query for a page."""
    return model_in(context, conversation, message) if conversation else ""
