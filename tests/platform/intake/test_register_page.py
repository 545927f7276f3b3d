"""The form of a letter: nothing typed or uploaded is lost, and what it means is told before it is done."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import Come, SignIn, typed
from tests.platform.private.conftest import PDF

from gongkai.platform.cases.applicants import applicant_of
from gongkai.platform.cases.models import CaseFile, CaseSummary, CaseText, IncomingLetter
from gongkai.platform.core.files import file_limit
from gongkai.platform.core.models import StoredFile
from gongkai.platform.ledger.models import LedgerEvent

pytestmark = pytest.mark.one_database  # pages; what they call is tested on both

URL = "/desk/register/"


def send(client: Client, **given: Any) -> Any:
    return client.post(URL, typed(**given))


def ref_of(response: Any) -> str:
    return response.context["ref"]


def scan(name: str = "申请表.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_the_form_comes_empty_with_today_and_the_counter(at_desk: Client) -> None:
    page = at_desk.get(URL).content.decode()
    assert f'value="{TODAY}"' in page and '<option value="counter" selected>' in page
    assert "错误" not in page


def test_the_check_says_what_it_means_and_registers_nothing(at_desk: Client) -> None:
    page = send(at_desk).content.decode()
    assert "核对后登记" in page and "2026-03-31" in page and "2026-03-12" in page and "当面提交之日" in page
    assert "没有身份证明" in page
    assert not LedgerEvent.objects.exists() and not CaseText.objects.exists()


def test_everything_that_was_filled_in_can_be_checked_before_it_is_registered(at_desk: Client) -> None:
    page = send(
        at_desk, kind="business", name="云岭养护有限公司", representative="高山",
        phone="000-5678", address="云溪县河东路 1 号", remark="申请人来电催过",
    ).content.decode()  # fmt: skip
    for said in ("商业企业", "云岭养护有限公司", "高山", "000-5678", "云溪县河东路 1 号", "申请人来电催过"):
        assert said in page
    assert "没有附材料" in page
    assert "口头申请由工作人员代为填写" not in page
    assert "怎样确认" in send(at_desk, channel="oral").content.decode()
    # The heading has the focus, so that pressing Enter again does not register unseen.
    assert page.count("autofocus") == 1
    assert '<h1 tabindex="-1" autofocus>核对后登记' in page


def test_what_was_checked_is_registered_from_the_hidden_fields(at_desk: Client) -> None:
    checked = send(at_desk, **{"item-0-description": "第一行\n第二行“引号”<b>"})
    hidden: dict[str, list[str]] = {}
    for name, value in checked.context["hidden"]:
        hidden.setdefault(name, []).append(value)
    done = at_desk.post(URL, {**hidden, "do": "register"})
    letter = IncomingLetter.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"/desk/register/{letter.ref}/")
    text = CaseText.objects.get()
    assert "".join(text.description.split()) == "第一行第二行“引号”<b>"
    page = at_desk.get(done["Location"]).content.decode()
    assert "云公申〔2026〕1号" in page and "2026-03-31" in page and "陈*" in page and "陈知微" not in page


def test_mistakes_are_listed_with_links_and_nothing_typed_is_lost(at_desk: Client) -> None:
    response = send(at_desk, name="", came_on="2026-13-01", **{"item-0-description": ""})
    page = response.content.decode()
    assert "<title>错误：" in page.replace("\n", "")
    for anchor in ("f-name", "f-came_on", "f-item-0-description"):
        assert f'href="#{anchor}"' in page and f'id="{anchor}"' in page
    assert 'value="13800001234"' in page and 'aria-invalid="true"' in page
    assert not LedgerEvent.objects.exists()


def test_a_letter_without_a_name_is_registered_when_that_is_said(at_desk: Client) -> None:
    page = send(at_desk, name="", unnamed="on").content.decode()
    assert "核对后登记" in page and "没有申请人的姓名" in page


@pytest.mark.parametrize(
    ("given", "field", "word"),
    [
        ({"came_on": "2026-03-04"}, "came_on", "不能晚于今天"),
        ({"came_on": "2018-03-01"}, "came_on", "没有收录当时的规定"),
        ({"channel": "fax", "confirmed_on": "2026-03-03"}, "confirmation", "怎样与申请人确认"),
        (
            {"confirmed_on": "2026-03-03", "confirmation": "confirmed_by_phone"},
            "confirmed_on",
            "不需要另行确认",
        ),
        ({"registered_on": "2026-03-02"}, "registered_on", "不能早于收到之日"),
        ({"channel": "owl"}, "channel", "请从列出的各项里选"),
    ],
)
def test_dates_that_cannot_be_are_refused_at_their_field(
    at_desk: Client, given: dict[str, str], field: str, word: str
) -> None:
    page = send(at_desk, **given).content.decode()
    assert f'href="#f-{field}"' in page and word in page


def test_files_survive_a_mistake_elsewhere(at_desk: Client) -> None:
    response = send(at_desk, name="", new_files=[scan(), scan("身份证.pdf")], new_kind="identity")
    page = response.content.decode()
    assert "申请表.pdf" in page and "身份证.pdf" in page
    kept = [upload.ref for upload in response.context["uploads"]]
    assert len(kept) == 2 and StoredFile.objects.count() == 2
    again = send(at_desk, kept=kept, **{f"kind-{kept[0]}": "application", f"kind-{kept[1]}": "identity"})
    assert "核对后登记" in again.content.decode()
    done = send(
        at_desk, do="register", kept=kept, ref=ref_of(response),
        **{f"kind-{kept[0]}": "application", f"kind-{kept[1]}": "identity"},
    )  # fmt: skip
    assert done.status_code == 302
    letter = IncomingLetter.objects.get().ref
    assert sorted(CaseFile.objects.values_list("kind", "stream")) == [
        ("application", letter), ("identity", letter),
    ]  # fmt: skip
    assert StoredFile.objects.count() == 2


def test_a_file_can_be_taken_out_again(at_desk: Client) -> None:
    (kept,) = [one.ref for one in send(at_desk, do="upload", new_files=[scan()]).context["uploads"]]
    page = send(at_desk, do=f"drop-{kept}", kept=[kept])
    assert page.context["uploads"] == [] and page.context["problems"] == []
    assert not StoredFile.objects.exists()


def test_a_file_that_is_too_large_is_refused_politely_and_the_rest_is_kept(at_desk: Client) -> None:
    big = scan("大图.pdf", b"%PDF-" + b"0" * file_limit())
    response = send(at_desk, new_files=[scan(), big])
    page = response.content.decode()
    assert response.status_code == 200 and "“大图.pdf”超过 50 MB" in page
    assert [upload.name for upload in response.context["uploads"]] == ["申请表.pdf"]
    assert 'value="13800001234"' in page


def test_a_file_of_a_type_not_taken_is_refused_politely(at_desk: Client) -> None:
    response = send(at_desk, new_files=[scan("网页.pdf", b"<html><script>1</script></html>")])
    assert "类型不能收" in response.content.decode() and not StoredFile.objects.exists()


def test_somebody_else_s_upload_cannot_be_taken(at_desk: Client, county: Place, sign_in: SignIn) -> None:
    (kept,) = [one.ref for one in send(at_desk, do="upload", new_files=[scan()]).context["uploads"]]
    StoredFile.objects.filter(ref=kept).update(stream="upload-seat-somebody")
    response = send(at_desk, kept=[kept])
    assert response.context["uploads"] == [] and "已经不在" in response.content.decode()


def test_rows_are_added_and_taken_out_without_a_script(at_desk: Client) -> None:
    more = send(at_desk, do="more")
    assert [item.at for item in more.context["items"]] == [0, 1]
    assert "错误" not in more.content.decode() and "清河社区" in more.content.decode()
    third = send(at_desk, do="more", items=["0", "1"], **{"item-1-description": "第二项"})
    assert [item.at for item in third.context["items"]] == [0, 1, 2]
    fewer = send(
        at_desk, do="less-0", items=["0", "1", "2"],
        **{"item-1-description": "第二项", "item-2-description": "第三项"},
    )  # fmt: skip
    assert [item.at for item in fewer.context["items"]] == [1, 2]
    done = send(
        at_desk, do="register", items=["1", "2"], ref="letter-aaaabbbbccccdddd",
        **{"item-1-description": "第二项", "item-2-description": "第三项"},
    )  # fmt: skip
    assert done.status_code == 302
    assert list(CaseText.objects.order_by("unit").values_list("title", flat=True)) == ["第二项", "第三项"]


def test_no_more_than_twenty_rows(at_desk: Client) -> None:
    items = {f"item-{at}-description": f"第{at}项" for at in range(20)}
    page = send(at_desk, do="more", items=[str(at) for at in range(20)], **items)
    assert "最多 20 项" in page.content.decode() and len(page.context["items"]) == 20


def test_a_double_click_registers_once(at_desk: Client) -> None:
    given = {"do": "register", "ref": "letter-aaaabbbbccccdddd"}
    first, second = send(at_desk, **given), send(at_desk, **given)
    assert first["Location"] == second["Location"]
    assert CaseSummary.objects.count() == 1


def test_a_number_in_use_is_told_at_its_field(at_desk: Client, come_in: Come) -> None:
    come_in()
    response = send(at_desk, do="register", **{"item-0-number": "云公申〔2026〕1号"})
    page = response.content.decode()
    assert "已经用过" in page and 'href="#f-item-0-number"' in page and CaseSummary.objects.count() == 1


def test_a_body_that_cannot_number_says_what_to_do(at_desk: Client, county: Place) -> None:
    county.body.short_name = ""
    county.body.save()
    assert "机关代字" in send(at_desk, do="register").content.decode()
    assert not LedgerEvent.objects.exists()


def test_repeats_are_looked_for_by_a_button_and_without_complaints(at_desk: Client, come_in: Come) -> None:
    come_in()
    page = send(at_desk, do="repeats", name="陈知微", came_on="").content.decode()
    assert "云公申〔2026〕1号" in page and "陈*" in page and "错误" not in page
    fragment = at_desk.post("/desk/register/repeats/", typed()).content.decode()
    assert "云公申〔2026〕1号" in fragment and "<html" not in fragment


def test_the_repeats_stand_beside_the_check(at_desk: Client, come_in: Come) -> None:
    come_in()
    assert "云公申〔2026〕1号" in send(at_desk).content.decode()


def test_every_field_of_article_29_is_kept(at_desk: Client) -> None:
    given = {
        "kind": "business", "name": "清河电梯有限公司", "identity_type": "credit_code",
        "identity_number": "91110000000000000X", "phone": "010-60000000", "address": "清河路 8 号",
        "postcode": "000000", "email": "a@example.org", "representative": "周至", "contact": "吴起",
        "agent_name": "郑声", "agent_identity_number": "11010519491231002X", "agent_phone": "13800000000",
        "co_applicants": "另一公司",
    }  # fmt: skip
    assert send(at_desk, do="register", **given).status_code == 302
    applicant = applicant_of(CaseSummary.objects.get().stream)
    assert applicant is not None
    assert {name: getattr(applicant, name) for name in given} == given


@pytest.mark.parametrize(
    "role", ["handler", "approver", "supervisor", "report_author", "audit_administrator"]
)
def test_other_roles_do_not_register(county: Place, sign_in: SignIn, role: str) -> None:
    client = sign_in(county, role)
    for url in (URL, "/desk/register/unconfirmed/"):
        assert client.get(url).status_code in (403, 404)
    assert send(client).status_code in (403, 404)
    assert client.post("/desk/register/repeats/", typed()).status_code in (403, 404)


def test_nobody_is_led_to_the_log_in_and_an_expired_form_is_kept(come_in: Come) -> None:
    response = send(Client())
    assert response.status_code in (200, 302, 401, 403) and not LedgerEvent.objects.exists()
