from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mtd', '0007_open_obligations'),
    ]

    operations = [
        migrations.AddField(
            model_name='obligation',
            name='final_of',
            field=models.CharField(blank=True, db_default='', default='', max_length=7),
        ),
    ]
