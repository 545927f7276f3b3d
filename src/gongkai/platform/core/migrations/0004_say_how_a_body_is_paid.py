from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_accounts_have_a_body_and_a_second_factor"),
    ]

    operations = [
        migrations.AddField(
            model_name="body",
            name="how_to_pay",
            field=models.TextField(
                blank=True,
                default="",
                help_text="收费通知书里怎样缴信息处理费：收款单位、账号或者窗口；办理时可以改",
                max_length=500,
                verbose_name="缴费途径",
            ),
            preserve_default=False,
        ),
    ]
