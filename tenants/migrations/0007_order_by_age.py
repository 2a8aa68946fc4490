# What waits goes by its age, with the calls that it takes; what an operation's pause holds back is out of the way.

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0006_watching'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='due',
            name='calls_in_order',
        ),
        migrations.AddField(
            model_name='due',
            name='calls',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='How many calls it still takes.'),
        ),
        migrations.AddField(
            model_name='due',
            name='halted_by',
            field=models.CharField(blank=True, db_default='', default='', help_text="HMRC's operation whose pause holds it back.", max_length=100),
        ),
        migrations.AlterField(
            model_name='due',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, help_text='Since when it waits, however often it is put off.'),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(condition=models.Q(('due_at__lt', datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('is_call', True)), fields=['lane', 'agency_id', 'deadline', 'created_at', 'id', 'due_at'], name='calls_in_order'),
        ),
        # Read before they were counted: what is still to be sent mostly takes two.
        migrations.RunSQL("UPDATE tenants_due SET calls = 2 WHERE kind IN ('submit', 'calculate')", migrations.RunSQL.noop),
    ]
