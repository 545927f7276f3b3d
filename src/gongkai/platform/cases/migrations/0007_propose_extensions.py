import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_answer_cases_together"),
        ("core", "0004_say_how_a_body_is_paid"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExtensionProposal",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("stream", models.CharField(db_index=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待负责人决定"),
                            ("returned", "负责人没有同意"),
                            ("withdrawn", "已撤回"),
                            ("told", "已同意，已告知申请人"),
                            ("lapsed", "案件已答复或者撤回，不再需要"),
                        ],
                        default="proposed",
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=40)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("remarks", models.CharField(blank=True, max_length=40)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.seat"
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.body"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.seat",
                    ),
                ),
            ],
            options={
                "ordering": ["proposed_at", "key"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("stream",),
                        name="one_extension_proposed_a_case",
                    )
                ],
            },
        ),
    ]
