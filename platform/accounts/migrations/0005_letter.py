import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_sign_in_security'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('kind', models.CharField(choices=[('approved', 'somebody who asked to join is let in'), ('declined', 'somebody who asked to join is not let in'), ('factor_added', 'a second factor was set up'), ('factor_removed', 'a second factor was removed'), ('factors_reset', 'all second factors were taken away'), ('password_changed', 'the password was changed')], max_length=20)),
                ('what', models.CharField(blank=True, default='', help_text='the kind of factor', max_length=30)),
                ('tries', models.PositiveSmallIntegerField(default=0, help_text='how often it could not be sent')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
    ]
