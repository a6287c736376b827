from django.db import migrations


def register_what_is_deployed(apps, schema_editor):
    """Give each deployment of a file its row in the registry; housekeeping reads and hashes the files later."""
    files, deployments = apps.get_model("models_admin", "ModelFile"), apps.get_model("models_admin", "Deployment")
    for deployment in deployments.objects.filter(model=None).exclude(path__startswith="stub:"):
        fields = {"name": deployment.name, "demo": deployment.demo}
        deployment.model, _ = files.objects.get_or_create(path=deployment.path, defaults=fields)
        deployment.save(update_fields=["model"])


class Migration(migrations.Migration):
    dependencies = [
        ("models_admin", "0005_registry"),
    ]

    operations = [
        migrations.RunPython(register_what_is_deployed, migrations.RunPython.noop),
    ]
