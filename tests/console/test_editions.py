"""An edition through the console: incidents, draft, edit, review by a second person, scheduled."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as django_connection
from django.test import Client
from PIL import Image

from daxiang.domains.briefings.content import SectionKind
from daxiang.domains.briefings.incidents import COLUMNS
from daxiang.domains.briefings.media import media_in
from daxiang.domains.briefings.queries import Edition, edition, editions
from daxiang.domains.briefings.workflow import Status
from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.officers.hashing import Argon2idHasher
from daxiang.domains.officers.people import bring_roll
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.permissions import Role
from daxiang.domains.officers.roll import read_roll
from daxiang.foundation.sealing import Sealer
from daxiang.jobs.briefing import BriefingDraft
from daxiang.kernel.clock import SHANGHAI, FixedClock
from daxiang.sites.body_limit import MOST_OF_A_STRANGER, MOST_OF_STAFF
from tests.console.doors import NOW, act, next_code, secret_of, signed_in
from tests.gateway.chats import settings_at
from tests.inbox.test_inbox import conninfo
from tests.officers.rolls import roll_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DAY = date(2026, 11, 25)
SIX = datetime(2026, 11, 25, 6, tzinfo=SHANGHAI)
CSV = ",".join(COLUMNS) + (
    "\nJQ1,追尾,白沙洲大桥,114.243,30.488,2026-11-24 17:42,3,三车追尾，一人轻伤"
    "\nJQ2,故障车,江汉桥,114.26,30.57,2026-11-24 02:10,1,货车抛锚，13分钟拖离\n"
)


@pytest.fixture(autouse=True)
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Argon2idHasher, "memory_kib", 64)
    monkeypatch.setattr(settings, "DAXIANG", settings_at(tmp_path, "2026-11-25T06:10"))
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "TRUNCATE staff, staff_session, staff_failure, staff_factor, staff_recovery, audit_deed,"
            " briefing_edition, briefing_incident, briefing_medium CASCADE"
        )
        yield


def client(name: str, *roles: Role) -> Client:
    return signed_in(Client(enforce_csrf_checks=True), name, *roles)


def only() -> Edition:
    with django_connection.cursor() as cursor:
        [found] = editions(cursor, first=DAY, last=DAY)
        return edition(cursor, found.id)


def at(one: Edition, step: str = "") -> str:
    return f"/console/editions/{one.id.hex()}/{step}"


def fields_of(page: str) -> dict[str, str]:
    """The editor's form as a browser would send it."""
    form = page[page.index('aria-label="改稿"') :]
    form = form[: form.index("</form>")]
    found = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    del found["csrfmiddlewaretoken"]
    return {name: value.replace("&quot;", '"').replace("&amp;", "&") for name, value in found.items()}


def drafted(li: Client) -> Edition:
    file = SimpleUploadedFile("jq.csv", CSV.encode(), "text/csv")
    assert act(li, "/console/incidents/file/", file=file).status_code == 302
    made = act(li, "/console/editions/add/", day=DAY.isoformat(), kind="weekday", reviewer="wu")
    assert made.status_code == 302
    return only()


def approved(wu: Client, one: Edition, **fields: str) -> Any:
    code = next_code("wu", secret_of("wu"))
    wanted = {"action": "approve", "seen": one.digest.hex(), "code": code, **fields}
    return act(wu, at(one, "step/"), **wanted)


def test_from_a_file_to_a_time_on_the_clock_by_two_persons() -> None:
    li, wu = client("li", Role.EDITOR), client("wu", Role.REVIEWER)
    one = drafted(li)
    fields = fields_of(li.get(at(one)).content.decode())
    fields["teaser"] = "昨日警情2起，白沙洲大桥三车追尾。"
    assert act(li, at(one, "save/"), **fields, do="save").status_code == 302
    assert only().content.teaser == "昨日警情2起，白沙洲大桥三车追尾。"
    assert only().content.sections == one.content.sections
    assert act(li, at(one, "step/"), action="send_for_review").status_code == 302
    review = wu.get(at(one)).content.decode()
    assert "昨日警情2起，白沙洲大桥三车追尾。" in review
    assert only().digest.hex()[:16] in review
    assert 'name="title"' not in review
    assert approved(wu, only()).status_code == 302
    assert act(li, at(one, "step/"), action="schedule").status_code == 302
    assert (only().status, only().approved_by) == (Status.SCHEDULED, "wu")
    assert only().scheduled_for == datetime(2026, 11, 25, 8, tzinfo=SHANGHAI)


def test_nobody_approves_what_she_wrote_or_sent_for_review_nor_without_a_fresh_code() -> None:
    both, wu = client("li", Role.EDITOR, Role.REVIEWER), client("wu", Role.REVIEWER)
    one = drafted(both)
    act(both, at(one, "step/"), action="send_for_review")
    code = next_code("li", secret_of("li"))
    own = act(both, at(one, "step/"), action="approve", seen=one.digest.hex(), code=code)
    assert own.status_code == 409
    for wrong in ({"code": "000000"}, {"seen": "00" * 32}, {"seen": "zz"}, {"code": ""}):
        assert approved(wu, one, **wrong).status_code == 409, wrong
    assert only().status is Status.IN_REVIEW
    assert approved(wu, one).status_code == 302


def test_an_edit_after_approval_makes_it_void_in_the_page_too() -> None:
    li, wu = client("li", Role.EDITOR), client("wu", Role.REVIEWER)
    one = drafted(li)
    act(li, at(one, "step/"), action="send_for_review")
    approved(wu, one)
    page = li.get(at(one)).content.decode()
    assert "要重新审定" in page
    act(li, at(one, "save/"), **{**fields_of(page), "title": "另一个标题"}, do="save")
    assert (only().status, only().approved_by) == (Status.DRAFT, None)
    assert act(li, at(one, "step/"), action="schedule").status_code == 409


def test_two_editors_at_once_lose_nothing() -> None:
    li, zhou = client("li", Role.EDITOR), client("zhou", Role.EDITOR)
    one = drafted(li)
    hers = fields_of(li.get(at(one)).content.decode())
    act(zhou, at(one, "save/"), **{**hers, "teaser": "周写的"}, do="save")
    late = act(li, at(one, "save/"), **{**hers, "teaser": "李写的"}, do="save")
    assert late.status_code == 409
    assert "李写的</textarea>" in late.content.decode()
    assert only().content.teaser == "周写的"


def test_personal_data_stop_an_edition_before_review_and_say_where() -> None:
    li = client("li", Role.EDITOR)
    one = drafted(li)
    fields = fields_of(li.get(at(one)).content.decode())
    act(li, at(one, "save/"), **{**fields, "s1.a0.text": "车主电话13812345678"}, do="save")
    stopped = act(li, at(one, "step/"), action="send_for_review")
    assert stopped.status_code == 409
    assert "有手机号" in stopped.content.decode()
    assert only().status is Status.DRAFT


@pytest.mark.parametrize(
    ("deed", "kinds"),
    [
        ("save", ["figures", "incidents", "map"]),
        ("up:1", ["incidents", "figures", "map"]),
        ("down:1", ["figures", "map", "incidents"]),
        ("drop:2", ["figures", "incidents"]),
        ("add:must", ["figures", "incidents", "map", "must"]),
        ("add:figures", ["figures", "incidents", "map"]),
        ("up:99", ["figures", "incidents", "map"]),
        ("nonsense", ["figures", "incidents", "map"]),
    ],
)
def test_the_forms_buttons_move_sections_and_never_the_figures(deed: str, kinds: list[str]) -> None:
    li = client("li", Role.EDITOR)
    one = drafted(li)
    act(li, at(one, "save/"), **fields_of(li.get(at(one)).content.decode()), do=deed)
    after = {section.kind.value: section for section in only().content.sections}
    assert [section.kind.value for section in only().content.sections] == kinds
    assert after["figures"] == one.content.sections[0]


def test_a_reviewer_sends_back_with_a_reason_that_stands_as_a_comment() -> None:
    li, wu = client("li", Role.EDITOR), client("wu", Role.REVIEWER)
    one = drafted(li)
    act(li, at(one, "step/"), action="send_for_review")
    assert act(wu, at(one, "step/"), action="send_back", note=" ").status_code == 409
    act(wu, at(one, "step/"), action="send_back", note="原因还没定论")
    assert only().status is Status.DRAFT
    page = li.get(at(one)).content.decode()
    number = re.search(r'name="settle" value="(\d+)"', page)
    assert number is not None
    act(li, at(one, "comment/"), settle=number[1])
    assert "原因还没定论" in (after := li.get(at(one)).content.decode())
    assert 'name="settle"' not in after


def test_a_file_with_one_wrong_line_brings_nothing_and_says_which() -> None:
    li = client("li", Role.EDITOR)
    wrong = SimpleUploadedFile("jq.csv", (CSV + "JQ3,追尾,,,,昨天,3,x\n").encode(), "text/csv")
    answer = act(li, "/console/incidents/file/", file=wrong)
    assert answer.status_code == 422
    assert "第4行：时间要写成" in answer.content.decode()
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM briefing_incident")
        assert cursor.fetchone() == (0,)


def test_incidents_are_filtered_sorted_and_paged_by_the_address_alone() -> None:
    li = client("li", Role.EDITOR)
    drafted(li)
    everything = li.get("/console/incidents/?sort=severity").content.decode()
    assert everything.index("JQ2") < everything.index("JQ1")
    assert 'aria-sort="ascending"' in everything
    assert "JQ2" not in li.get("/console/incidents/?severity=3").content.decode()
    assert "JQ1" not in li.get("/console/incidents/?what=抛锚").content.decode()
    for strange in (
        "?page=99",
        "?sort=happened_at;--",
        "?first=x&last=9999-99-99",
        "?what=%25%27",
        "?page=-1",
    ):
        assert li.get(f"/console/incidents/{strange}").status_code == 200
    typed = {"key": "JQ9", "kind": "堵", "at": "2026-11-24 09:00", "severity": "9", "summary": "堵了"}
    refused = act(li, "/console/incidents/add/", **typed)
    assert refused.status_code == 422
    assert 'value="JQ9"' in refused.content.decode()
    assert act(li, "/console/incidents/add/", **{**typed, "severity": "2"}).status_code == 302


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(written, format="JPEG")
    return written.getvalue()


def test_a_photo_of_an_incident_comes_into_the_draft() -> None:
    li = client("li", Role.EDITOR)
    typed = {"key": "JQ7", "kind": "追尾", "place": "二桥", "at": "2026-11-24 09:00", "severity": "3"}
    typed |= {"summary": "两车追尾"}

    def add(**more: Any) -> Any:
        photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
        return act(li, "/console/incidents/add/", **{**typed, "photo": photo, **more})

    assert "写一句" in add().content.decode()
    assert "本单位拍的" in add(alt="两辆车").content.decode()
    fake = SimpleUploadedFile("a.jpg", b"<script>", "image/jpeg")
    assert add(alt="两辆车", is_ours="1", photo=fake).status_code == 422
    assert "JQ7" not in li.get("/console/incidents/").content.decode()
    for _ in range(2):
        assert add(alt="两辆车", is_ours="1").status_code == 302
    assert "1张" in li.get("/console/incidents/").content.decode()
    assert act(li, "/console/editions/add/", day=DAY.isoformat(), kind="weekday").status_code == 302
    [article] = [one for section in only().content.sections for one in section.articles]
    [name] = article.media
    shown = li.get(at(only())).content.decode()
    assert f'src="/console/media/file/{name}/" alt="两辆车"' in shown
    assert "二桥 11-24 09:00</option>" in shown
    fields = fields_of(shown)
    [box] = [field for field, value in fields.items() if value == name]
    assert act(li, at(only(), "save/"), **{**fields, box: ""}, do="save").status_code == 302
    assert media_in(only().content) == set()
    again = fields_of(li.get(at(only())).content.decode()) | {box.replace(".m0", ".add"): name}
    assert act(li, at(only(), "save/"), **again, do="save").status_code == 302
    assert media_in(only().content) == {name}


def test_what_an_officer_handed_in_goes_into_the_classroom_by_a_button() -> None:
    with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
        link.execute("TRUNCATE officer_unit, briefing_contribution CASCADE")
        roll = read_roll(roll_of([18326]).encode())
        marks, sealer = PeopleMarks(b"k" * 32), Sealer(settings.DAXIANG.data_keys)
        bring_roll(cursor, roll, ends_leavers=False, marks=marks, sealer=sealer, now=NOW)
        link.execute(
            "INSERT INTO briefing_contribution (officer, words, at) SELECT id, %s, %s FROM officer",
            ("雨天追尾，先把人撤到护栏外。\n再放警示牌。", NOW),
        )
    li = client("li", Role.EDITOR)
    one = drafted(li)
    page = li.get(at(one)).content.decode()
    number = re.search(r'value="(take:\d+)"', page)
    assert number is not None
    assert act(li, at(one, "save/"), **fields_of(page), do=number[1]).status_code == 302
    last = only().content.sections[-1]
    assert (last.kind, len(last.articles)) == (SectionKind.CLASSROOM, 1)
    assert last.articles[0].paragraphs == ("雨天追尾，先把人撤到护栏外。", "再放警示牌。")
    assert last.articles[0].title.endswith("投稿")
    page = li.get(at(one)).content.decode()
    assert "用过了" in page
    for wrong in ("take:", "take:99999", "take:x"):
        assert act(li, at(one, "save/"), **fields_of(page), do=wrong).status_code == 302
    assert only().content.sections[-1] == last


def test_a_stranger_cannot_make_us_read_a_file_and_staff_no_endless_one() -> None:
    stranger, li = Client(enforce_csrf_checks=True), client("li", Role.EDITOR)
    for size, who, status in (
        (MOST_OF_A_STRANGER + 1, stranger, 413),
        (MOST_OF_STAFF + 1, li, 413),
        (MOST_OF_A_STRANGER - 2000, stranger, 403),
        (MOST_OF_A_STRANGER + 1, li, 422),
    ):
        li.get("/console/media/")
        cookie = who.cookies.get(settings.CSRF_COOKIE_NAME)
        file = SimpleUploadedFile("a.jpg", b"x" * size, "image/jpeg")
        fields = {"file": file, "csrfmiddlewaretoken": cookie.value if cookie else ""}
        answer = who.post("/console/media/add/", fields)
        assert answer.status_code == status
    assert "太大了" in stranger.post("/m/box/x/", {"words": "好" * 200_000}).content.decode()


def test_a_word_of_the_citys_own_list_stops_an_edition_until_it_is_taken_off() -> None:
    li, wu = client("li", Role.EDITOR), client("wu", Role.REVIEWER)
    one = drafted(li)
    assert act(li, "/console/editions/words/", word="三车").status_code == 403
    assert act(wu, "/console/editions/words/", word=" ").status_code == 422
    assert act(wu, "/console/editions/words/", word="三车").status_code == 302
    assert "三车" in wu.get("/console/editions/").content.decode()
    refused = act(li, at(one, "step/"), action="send_for_review")
    assert (refused.status_code, only().status) == (409, Status.DRAFT)
    assert "有不该发的词：三车" in refused.content.decode()
    assert act(wu, "/console/editions/words/", drop="三车").status_code == 302
    assert act(li, at(one, "step/"), action="send_for_review").status_code == 302


def test_what_was_asked_for_stays_in_the_form_when_it_is_refused() -> None:
    li = client("li", Role.EDITOR)
    client("wu", Role.REVIEWER)
    asked = {"day": "2031-01-01", "kind": "special", "reviewer": "wu"}
    page = act(li, "/console/editions/add/", **asked).content.decode()
    assert 'value="2031-01-01"' in page
    assert '<option value="special" selected>' in page
    assert page.count("<option selected>wu") == 1


def test_after_eight_another_time_of_that_day_may_be_set_and_no_day_later(tmp_path: Path) -> None:
    li, wu = client("li", Role.EDITOR), client("wu", Role.REVIEWER)
    one = drafted(li)
    act(li, at(one, "step/"), action="send_for_review")
    approved(wu, one)
    settings_at(tmp_path, "2026-11-25T08:20")
    assert "8:00 已经过了" in li.get(at(one)).content.decode()
    for wrong in ("08:20", "07:00", "", "x"):
        assert act(li, at(one, "step/"), action="schedule", at=wrong).status_code == 409
    assert act(li, at(one, "step/"), action="schedule", at="08:30").status_code == 302
    assert only().scheduled_for == datetime(2026, 11, 25, 8, 30, tzinfo=SHANGHAI)
    act(li, at(one, "step/"), action="unschedule")
    assert 'value="schedule"' in li.get(at(one)).content.decode()
    settings_at(tmp_path, "2026-11-26T00:20")
    assert 'value="schedule"' not in li.get(at(one)).content.decode()


def test_a_newer_draft_takes_the_place_of_the_machines_untouched_one_alone(tmp_path: Path) -> None:
    settings_at(tmp_path, "2026-11-25T06:00")
    job = BriefingDraft(url=conninfo(), clock=FixedClock(SIX), calendar=china_calendar())
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute("TRUNCATE recurring_occasion")
    assert job.round() is not None
    li = client("li", Role.EDITOR)
    drafted_again = act(li, "/console/editions/add/", day=DAY.isoformat(), kind="weekday")
    assert drafted_again.status_code == 302
    act(li, "/console/editions/add/", day=DAY.isoformat(), kind="weekday")
    with django_connection.cursor() as cursor:
        states = sorted(one.status for one in editions(cursor, first=DAY, last=DAY))
    assert states == [Status.DRAFT, Status.DRAFT, Status.WITHDRAWN]
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute("TRUNCATE recurring_occasion")
    assert job.round() is None


def test_a_correction_of_a_sent_edition_needs_another_person() -> None:
    li, wu = client("li", Role.EDITOR), client("wu", Role.REVIEWER)
    one = drafted(li)
    assert act(li, at(one, "correction/"), words="2:33 应为 2:23").status_code == 409
    act(li, at(one, "step/"), action="send_for_review")
    approved(wu, one)
    act(li, at(one, "step/"), action="schedule")
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute("UPDATE briefing_edition SET status = 'sent'")
    assert act(li, at(one, "correction/"), words="2:33 应为 2:23").status_code == 302
    page = wu.get(at(one)).content.decode()
    number = re.search(r'name="approve" value="(\d+)"', page)
    assert number is not None
    assert act(li, at(one, "correction/"), approve=number[1], code="1").status_code == 409
    assert act(wu, at(one, "correction/"), approve=number[1], code="000000").status_code == 409
    code = next_code("wu", secret_of("wu"))
    assert act(wu, at(one, "correction/"), approve=number[1], code=code).status_code == 302
    assert "wu" in wu.get(at(one)).content.decode()


def test_who_is_to_approve_it_is_named_by_hand_and_only_of_reviewers() -> None:
    li, wu = client("li", Role.EDITOR), client("wu", Role.REVIEWER)
    one = drafted(li)
    act(li, at(one, "reviewers/"), reviewer="wu", deputy="li")
    assert (only().reviewer, only().deputy) == ("wu", "")
    act(li, at(one, "step/"), action="send_for_review")
    approved(wu, one)
    act(li, at(one, "step/"), action="schedule")
    assert act(li, at(one, "reviewers/"), reviewer="").status_code == 409
    assert only().reviewer == "wu"
