from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Spell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[("ok", "Ok"), ("failing", "Failing"), ("unknown", "Unknown")], max_length=10
                    ),
                ),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["until"], name="health_spells_by_end")],
                "constraints": [
                    models.UniqueConstraint(condition=Q(("until", None)), fields=("name",), name="one_open_spell")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
                ("counts", models.JSONField(default=dict)),
            ],
            options={"constraints": [models.CheckConstraint(condition=Q(("id", 1)), name="one_tally")]},
        ),
    ]
