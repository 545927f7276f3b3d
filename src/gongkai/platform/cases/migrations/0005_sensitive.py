"""Limit who reads a case, ask for more levels of approval, point to a secret original."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_tasks"),
        ("core", "0002_refuse_audit_changes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="draftstep",
            name="move",
            field=models.CharField(
                choices=[
                    ("saved", "起草"),
                    ("submitted", "送审"),
                    ("recalled", "撤回修改"),
                    ("returned", "退回"),
                    ("signed", "审核同意"),
                    ("approved", "批准签发"),
                    ("dropped", "不再使用"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="FalseAlarm",
            fields=[
                ("file", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("stream", models.CharField(db_index=True, max_length=100)),
                ("reason", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.body"
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
            options={
                "verbose_name": "误报的密级标志",
                "ordering": ["at", "file"],
            },
        ),
        migrations.CreateModel(
            name="SecretPointer",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("stream", models.CharField(db_index=True, max_length=100)),
                ("text", models.CharField(max_length=40)),
                ("added_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.seat",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.body"
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "key"],
            },
        ),
        migrations.CreateModel(
            name="SensitiveFlag",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("stream", models.CharField(db_index=True, max_length=100)),
                ("levels", models.PositiveSmallIntegerField(default=0)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("reason", models.CharField(max_length=40)),
                ("flagged_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifting", models.CharField(blank=True, max_length=40)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.body"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.seat",
                    ),
                ),
                (
                    "flagged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.seat",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.seat",
                    ),
                ),
            ],
            options={
                "ordering": ["flagged_at", "key"],
            },
        ),
        migrations.CreateModel(
            name="SensitiveReader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readers",
                        to="cases.sensitiveflag",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.seat"
                    ),
                ),
            ],
            options={
                "ordering": ["flag", "id"],
            },
        ),
        migrations.CreateModel(
            name="ApprovalLevels",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outcome", models.CharField(max_length=40)),
                ("levels", models.PositiveSmallIntegerField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.body"
                    ),
                ),
            ],
            options={
                "ordering": ["body", "outcome"],
                "constraints": [
                    models.UniqueConstraint(fields=("body", "outcome"), name="levels_once_an_outcome"),
                    models.CheckConstraint(
                        condition=models.Q(("levels__gte", 1), ("levels__lte", 2)),
                        name="one_or_two_more_levels",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="sensitiveflag",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("stream",),
                name="one_sensitive_flag_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="sensitiveflag",
            constraint=models.CheckConstraint(
                condition=models.Q(("levels__lte", 2)), name="at_most_two_more_levels"
            ),
        ),
        migrations.AddConstraint(
            model_name="sensitivereader",
            constraint=models.UniqueConstraint(fields=("flag", "seat"), name="a_reader_once"),
        ),
    ]
