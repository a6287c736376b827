import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("models_admin", "0004_teammodel"),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=1000, unique=True)),
                ("size", models.BigIntegerField(default=0, help_text="bytes of all parts")),
                ("parts", models.PositiveSmallIntegerField(default=1)),
                (
                    "mark",
                    models.CharField(
                        blank=True, default="", help_text="of the parts' names, sizes and times", max_length=64
                    ),
                ),
                (
                    "sha256",
                    models.CharField(blank=True, default="", help_text="what it must be from now on", max_length=64),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "waits for its hash"),
                            ("hashing", "is being hashed"),
                            ("ready", "ready"),
                            ("refused", "refused"),
                            ("gone", "gone"),
                        ],
                        default="found",
                        max_length=10,
                    ),
                ),
                ("hashed", models.BigIntegerField(default=0, help_text="bytes, while it is being hashed")),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("architecture", models.CharField(blank=True, default="", max_length=60)),
                (
                    "kind",
                    models.CharField(blank=True, default="", help_text="the header's general.type", max_length=60),
                ),
                ("parameters", models.BigIntegerField(default=0)),
                ("quantisation", models.CharField(blank=True, default="", max_length=30)),
                ("context", models.PositiveIntegerField(default=0, help_text="tokens")),
                ("layers", models.PositiveIntegerField(default=0)),
                ("has_template", models.BooleanField(default=False)),
                ("tokenizer", models.CharField(blank=True, default="", max_length=200)),
                ("licence", models.CharField(blank=True, default="", max_length=200)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("author", models.CharField(blank=True, default="", max_length=200)),
                ("base_model", models.CharField(blank=True, default="", max_length=200)),
                (
                    "embeds",
                    models.BooleanField(default=False, help_text="it turns texts into vectors and cannot answer"),
                ),
                ("source", models.CharField(blank=True, default="", max_length=500)),
                ("intended_use", models.CharField(blank=True, default="", max_length=2000)),
                ("limits", models.CharField(blank=True, default="", max_length=2000)),
                ("notes", models.CharField(blank=True, default="", max_length=2000)),
                ("demo", models.BooleanField(default=False)),
                ("deprecated", models.BooleanField(default=False)),
                ("added_by", models.UUIDField(blank=True, help_text="who uploaded it; empty: it was found", null=True)),
                ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("hashed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "replacement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="models_admin.modelfile",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "path"),
            },
        ),
        migrations.AddField(
            model_name="deployment",
            name="model",
            field=models.ForeignKey(
                blank=True,
                help_text="the file in the registry; empty: no file, as with the stub",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deployments",
                to="models_admin.modelfile",
            ),
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(help_text="of the file that it becomes", max_length=200)),
                ("size", models.BigIntegerField(help_text="bytes")),
                ("received", models.BigIntegerField(default=0, help_text="bytes, on the disk")),
                ("by", models.UUIDField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("heard_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("name",), name="one_upload_of_a_name")],
            },
        ),
        migrations.AddConstraint(
            model_name="modelfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ready"), _negated=True), ("sha256__regex", "^[0-9a-f]{64}$"), _connector="OR"
                ),
                name="ready_files_have_a_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("replacement", None), ("deprecated", True), _connector="OR"),
                name="only_deprecated_are_replaced",
            ),
        ),
    ]
