# What waits for a turn of the pace, the state of the fair order, and pauses.

import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0004_connection_life'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgencyTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lane', models.CharField(max_length=16)),
                ('agency_id', models.UUIDField()),
                ('ends', models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name='Backlog',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('taken_at', models.DateTimeField()),
                ('lines', models.JSONField(help_text='One for each agency in each lane: lane, agency, count, start, weight, cap.')),
                ('served', models.BigIntegerField(help_text='Turns taken since ever, at that moment.')),
                ('rate', models.FloatField(help_text='Turns a second as they really go; null while nothing waits.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LaneTurn',
            fields=[
                ('lane', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('clock', models.FloatField(default=0)),
                ('last', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                ('passed', models.PositiveIntegerField(default=0)),
                ('served', models.BigIntegerField(default=0)),
                ('picked_at', models.DateTimeField(help_text="When an ordinary carrier last picked, by PostgreSQL's clock.", null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('lane', 'Lane'), ('agency', 'Agency'), ('operation', 'Operation')], max_length=16)),
                ('name', models.CharField(help_text="The lane, the agency's id, or the operation.", max_length=100)),
                ('reason', models.CharField(max_length=500)),
                ('paused_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('agency_id', models.UUIDField(primary_key=True, serialize=False)),
                ('weight', models.FloatField(default=1)),
                ('cap', models.FloatField(help_text="Of HMRC's rate, above 0 and up to 1.", null=True)),
                ('allowance', models.FloatField(default=1, help_text='Turns saved up under the cap.')),
                ('counted_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='due',
            name='due_by_time',
        ),
        migrations.AddField(
            model_name='due',
            name='deadline',
            field=models.DateField(help_text="HMRC's day by which it must be done, if there is one.", null=True),
        ),
        migrations.AddField(
            model_name='due',
            name='is_call',
            field=models.BooleanField(db_default=False, default=False, help_text='It waits for a turn of the pace.'),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(condition=models.Q(('is_call', False)), fields=['due_at'], name='due_by_time'),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(condition=models.Q(('is_call', True)), fields=['lane', 'agency_id', 'due_at'], name='calls_by_agency'),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(condition=models.Q(('is_call', True)), fields=['lane', 'agency_id', 'deadline', 'due_at', 'id'], name='calls_in_order'),
        ),
        migrations.AddConstraint(
            model_name='agencyturn',
            constraint=models.UniqueConstraint(fields=('lane', 'agency_id'), name='one_turn_an_agency'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.UniqueConstraint(fields=('scope', 'name'), name='one_pause_a_thing'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gt', 0)), name='a_weight_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.CheckConstraint(condition=models.Q(('cap', None), models.Q(('cap__gt', 0), ('cap__lte', 1)), _connector='OR'), name='a_cap_is_a_share'),
        ),
    ]
