"""Any filter finds its entries by an index; a cut of the log holds nobody up."""

from django.db import migrations

from audit.migrations import _tags


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(_tags.TAGS + _tags.PRUNE, _tags.AWAY)]
