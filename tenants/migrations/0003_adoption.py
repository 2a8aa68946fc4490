from django.db import migrations, models


def adopt(apps, schema_editor):
    # A database older than the guard can't say whose it was: whoever brings it to this release keeps it.
    from tenants import clock, installation

    apps.get_model("tenants", "Adoption").objects.create(
        fingerprint=installation.fingerprint(), history=installation.history(), adopted_at=clock.now()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0002_switch'),
    ]

    operations = [
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64)),
                ('history', models.CharField(help_text='Which server wrote it, on which of its timelines.', max_length=64)),
                ('adopted_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Ending',
            fields=[
                ('grant_id', models.UUIDField(primary_key=True, serialize=False)),
                ('agency_id', models.UUIDField()),
                ('ends_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunPython(adopt, migrations.RunPython.noop),
    ]
