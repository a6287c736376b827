"""One verification at a time; one that is not heard of any more is over."""

from django.db import migrations, models

BROKEN_OFF = """
UPDATE audit_verification SET ended_at = now(), sentence = 'It broke off without a result.' WHERE ended_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_tags")]

    operations = [
        migrations.AddField("verification", "heard_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "verification",
            "sound",
            models.BooleanField(blank=True, help_text="empty: no result", null=True),
        ),
        migrations.RunSQL(BROKEN_OFF, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "verification",
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=models.Q(("ended_at", None)),
                nulls_distinct=False,
                name="one_verification_at_a_time",
            ),
        ),
    ]
