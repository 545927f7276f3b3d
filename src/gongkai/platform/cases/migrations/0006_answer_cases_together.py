from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_say_when_a_pause_ends_by_itself"),
    ]

    operations = [
        migrations.AddField(
            model_name="replydraft",
            name="together",
            field=models.CharField(blank=True, db_index=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="outgoingletter", name="letter_number_once"),
        migrations.AddConstraint(
            model_name="outgoingletter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("body", "number", "stream"),
                name="letter_number_once_a_case",
            ),
        ),
    ]
