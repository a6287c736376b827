import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Trial',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('asked_by', models.UUIDField(blank=True, help_text='whoever asked; empty: the command', null=True)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expected', models.JSONField(blank=True, default=list)),
            ],
            options={
                'ordering': ('-asked_at',),
                'indexes': [models.Index(fields=['-asked_at'], name='egress_trials_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Probe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(help_text='its role and its machine', max_length=160)),
                ('place', models.CharField(max_length=100)),
                ('outcome', models.CharField(choices=[('silent', 'not reached'), ('refused', 'refused'), ('reached', 'REACHED')], max_length=7)),
                ('milliseconds', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('trial', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='probes', to='egress.trial')),
            ],
            options={
                'ordering': ('process', 'id'),
                'constraints': [models.UniqueConstraint(fields=('trial', 'process', 'place'), name='a_place_is_tried_once')],
            },
        ),
    ]
