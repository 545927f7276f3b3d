"""Drafts know what they were written on and what goes out with them, and keep every step."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("core", "0002_refuse_audit_changes")]

    operations = [
        migrations.AddField(
            model_name="replydraft",
            name="base_seq",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(model_name="replydraft", name="files", field=models.JSONField(default=list)),
        migrations.CreateModel(
            name="DraftStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("saved", "起草"),
                            ("submitted", "送审"),
                            ("recalled", "撤回修改"),
                            ("returned", "退回"),
                            ("approved", "批准签发"),
                            ("dropped", "不再使用"),
                        ],
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("outcome", models.CharField(blank=True, max_length=40)),
                ("sub_kind", models.CharField(blank=True, max_length=40)),
                ("text", models.CharField(blank=True, max_length=40)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="cases.replydraft",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.seat",
                    ),
                ),
            ],
            options={"ordering": ["draft", "id"]},
        ),
    ]
