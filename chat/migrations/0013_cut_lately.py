"""Answers that were cut short are found by when they ended, so that they can be counted as they end.

The index is built beside those who write: no lock, however many answers there are.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("chat", "0012_messages"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="generation",
            index=models.Index(
                fields=["ended_at"],
                condition=Q(state="stopped") | Q(state="interrupted") | Q(state="failed"),
                name="chat_cut_lately",
            ),
        ),
    ]
