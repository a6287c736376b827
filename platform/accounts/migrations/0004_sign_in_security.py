import django.db.models.functions.datetime
from django.db import migrations, models

# What processes must agree on for some minutes: codes that were used, and how often something was tried.
CACHE = """
CREATE TABLE hearth_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX hearth_cache_expires ON hearth_cache (expires);
"""


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_people_and_authority"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="session",
            name="seen_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="session",
            name="address",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="session",
            name="agent",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key", "at"], name="attempts_by_key"),
                    models.Index(fields=["at"], name="attempts_by_age"),
                ],
            },
        ),
        migrations.RunSQL(CACHE, "DROP TABLE hearth_cache"),
    ]
