from django.db import migrations, models

# What stood here came first, until there was one place for it: the agency's own settings.
_MOVE = """
UPDATE public.tenants_agency AS agency SET mail_reply_to = settings.reply_to
FROM landlords_mailsettings AS settings
WHERE settings.reply_to <> '' AND agency.schema_name = current_schema()
"""


class Migration(migrations.Migration):

    dependencies = [
        ('landlords', '0006_onboarding'),
        ('tenants', '0008_leaving'),
    ]

    operations = [
        migrations.RunSQL(_MOVE, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='mailsettings',
            name='reply_to',
        ),
        migrations.AddField(
            model_name='mail',
            name='about_id',
            field=models.UUIDField(null=True),
        ),
    ]
