"""An answer under way names its chat, so that a claim finds what waits behind it without a look at the messages.

Older answers name none: only those that are under way are asked, and nothing waited behind them.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0011_sidebar"),
    ]

    operations = [
        migrations.AddField(
            model_name="generation",
            name="chat",
            field=models.UUIDField(null=True, blank=True, help_text="of its message, for the queue"),
        ),
        migrations.AddIndex(
            model_name="generation",
            index=models.Index(
                fields=["chat", "queued_at"], condition=Q(state="queued") | Q(state="running"), name="chat_under_way"
            ),
        ),
    ]
