"""The log, its chain and its proofs. Entry and Head are made by SQL: Django never flushes or alters them."""

import uuid

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

from audit.migrations import _first_schema as first


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(first.TABLES + first.CHAIN + first.PRUNE + first.RIGHTS, first.AWAY),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("body", models.TextField()),
                ("verb", models.TextField(editable=False)),
                ("result", models.TextField(editable=False)),
                ("actor_kind", models.TextField(editable=False)),
                ("actor_id", models.TextField(editable=False, null=True)),
                (
                    "target_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), editable=False, size=None
                    ),
                ),
            ],
            options={"db_table": "audit_entry", "managed": False},
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("first_seq", models.BigIntegerField()),
                ("first_prev", models.CharField(max_length=64)),
            ],
            options={"db_table": "audit_head", "managed": False},
        ),
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("asked_by", models.UUIDField(blank=True, null=True)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("checked", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("sound", models.BooleanField(blank=True, help_text="empty: still at work", null=True)),
                ("bad_seq", models.BigIntegerField(blank=True, null=True)),
                ("sentence", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={"ordering": ("-asked_at",)},
        ),
        migrations.CreateModel(
            name="Refusals",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("who", models.CharField(max_length=200)),
                ("verb", models.CharField(max_length=60)),
                ("actor", models.JSONField()),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("held", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("who", "verb"), name="one_count_of_refusals")],
            },
        ),
    ]
