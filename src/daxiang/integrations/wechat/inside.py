"""The internal account: binding by a code, and the officer's chat. A stranger gets one courteous line.

Everything here runs as an operation: under the sender's lock, with the message, in one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from daxiang.domains.briefings.queries import edition
from daxiang.domains.briefings.receipts import last_sent, mark_read, sent_before
from daxiang.domains.briefings.reviewing import LINK_FOR as REVIEW_LINK_FOR
from daxiang.domains.briefings.reviewing import awaiting, target_of
from daxiang.domains.conversation import texts
from daxiang.domains.duty import quiz, roster, tasks
from daxiang.domains.duty.box import BoxKey
from daxiang.domains.duty.errors import SwapRefused
from daxiang.domains.officers.errors import CodeUnfit, OfficerUnknown
from daxiang.domains.officers.links import new_link
from daxiang.domains.officers.people import bind, officer_of_number, unbind
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import Officer, account_of, officer_of, officers_of_ids
from daxiang.domains.officers.roll import code_in, is_binding, veiled
from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.acts import Sender, Told
from daxiang.integrations.wechat.inside_words import highlights, may_review, review_told
from daxiang.integrations.wechat.replies import Text
from daxiang.integrations.wechat.values import Message
from daxiang.kernel.clock import SHANGHAI

HELP = (
    "可以回：\n"
    "今日：今天的简报　往期：前几天的　课堂：最近一期\n"
    "已读、明白了：让单位知道您看了\n"
    "值班 地点：现在谁在　我的班：您接下来的班\n"
    "换班 警号：请人替下一个班　交接班 内容：留话给下一班\n"
    "测验：这周一题　投稿 内容：给周六版\n"
    "意见箱：不留名　解绑：换手机、离岗\n"
    "查规定，直接问：货车能上大桥吗"
)
NO_PERSONS = "聊天里不查个人信息。请到工作台，凭案件编号查。\n每次查看都有记录，车主本人也看得到。"
_PERSONS = re.compile(r"车主|身份证|户籍|查.{0,12}(?:电话|手机|住址|姓名)")
_MOST_WORDS = 500
_MOST_REVIEWS = 3
Answer = Callable[[str, datetime], str]
"""What a citizen is told about driving, for `查规定`."""


@dataclass(frozen=True, kw_only=True)
class _Turn:
    """One message of an officer's. `rest`: what stands behind the command."""

    cursor: psycopg.Cursor[Any]
    officer: Officer
    account: str
    person: bytes
    rest: str
    now: datetime


class Inside:
    """Answers on the internal account."""

    def __init__(
        self, *, city: str, public_url: str, sealer: Sealer, index_key: bytes, answer: Answer
    ) -> None:
        self._city = city
        self._public_url = public_url.rstrip("/")
        self._sealer = sealer
        self._marks = PeopleMarks(index_key)
        self._box = BoxKey(index_key)
        self._answer = answer
        self._commands: tuple[tuple[tuple[str, ...], Callable[[_Turn], str]], ...] = (
            (("帮助", "菜单", "?", "？"), self._help),
            (("待审",), self._awaiting_review),
            (("今日", "今天的简报", "简报"), self._today),
            (("往期",), self._earlier),
            (("课堂",), self._classroom),
            (("已读",), lambda turn: self._read(turn, understood=False)),
            (("明白了",), lambda turn: self._read(turn, understood=True)),
            (("收到",), self._received),
            (("值班",), self._on_duty),
            (("我的班",), self._own_shifts),
            (("同意换班",), lambda turn: self._swapped(turn, agrees=True)),
            (("不换", "不同意换班"), lambda turn: self._swapped(turn, agrees=False)),
            (("换班",), self._swap),
            (("交接班", "交班"), self._hand_over),
            (("测验", "答题"), self._quiz),
            (("投稿",), self._contribute),
            (("意见箱",), self._suggest),
            (("解绑",), self._unbind),
            (("查规定",), self._rules),
        )

    def operation(self, words: str) -> Callable[[psycopg.Connection[Any], Message, Sender, datetime], Told]:
        """What is done for a message with these words."""

        def operate(
            connection: psycopg.Connection[Any], message: Message, sender: Sender, now: datetime
        ) -> Told:
            with connection.cursor() as cursor:
                return Told(Text(content=self._said(cursor, words, message, sender, now)))

        return operate

    def _said(
        self, cursor: psycopg.Cursor[Any], words: str, message: Message, sender: Sender, now: datetime
    ) -> str:
        account, person = sender.account, sender.person
        officer = officer_of(cursor, account=account, person=person, sealer=self._sealer)
        if officer is None:
            if not is_binding(words):
                return texts.stranger(load_city(self._city).accounts["service"])
            return self._bound(cursor, words, message, sender, now)
        return self._answered(cursor, words, officer, sender, now)

    def _bound(
        self, cursor: psycopg.Cursor[Any], words: str, message: Message, sender: Sender, now: datetime
    ) -> str:
        try:
            bind(
                cursor,
                code=code_in(words),
                account=sender.account,
                person=sender.person,
                openid=message.from_user,
                marks=self._marks,
                sealer=self._sealer,
                now=now,
            )
        except CodeUnfit as error:  # the try stays counted: nothing is taken back
            return str(error)
        officer = officer_of(cursor, account=sender.account, person=sender.person, sealer=self._sealer)
        assert officer is not None  # noqa: S101 (it was bound just now)
        return (
            f"绑定好了：{veiled(officer.name)}，{officer.unit_name}。每天8:00收简报。\n"
            "回“值班”看班，回“帮助”看全部。\n换岗、离岗当天会自动解绑。"
        )

    def _answered(
        self, cursor: psycopg.Cursor[Any], words: str, officer: Officer, sender: Sender, now: datetime
    ) -> str:
        clean = words.strip()
        for names, command in self._commands:
            for name in names:
                if clean == name or (clean.startswith(name) and not clean[len(name)].isalnum()):
                    rest = clean[len(name) :].strip(" ，,：:。")[:_MOST_WORDS]
                    turn = _Turn(
                        cursor=cursor,
                        officer=officer,
                        account=sender.account,
                        person=sender.person,
                        rest=rest,
                        now=now,
                    )
                    return command(turn)
        if _PERSONS.search(clean):
            return NO_PERSONS
        return self._answer(clean, now)

    def _help(self, turn: _Turn) -> str:
        account = account_of(turn.cursor, turn.officer.id)
        return HELP if account is None or not may_review(account) else f"{HELP}\n待审：等您审定的简报"

    def _awaiting_review(self, turn: _Turn) -> str:
        account = account_of(turn.cursor, turn.officer.id)
        if account is None or not may_review(account):
            return "待审只给审核的人。您是审核的话，请管理员在工作台账号里写上您的警号。"
        day = turn.now.astimezone(SHANGHAI).date()
        found = awaiting(turn.cursor, account.name, day=day)
        if not found:
            return "现在没有等您审定的简报。"
        told = []
        for one in found[:_MOST_REVIEWS]:
            target = target_of(one.edition.id, one.edition.digest)
            token = new_link(
                turn.cursor, officer=turn.officer.id, target=target, now=turn.now, lasts=REVIEW_LINK_FOR
            )
            told.append(review_told(one, f"{self._public_url}/m/review/{token}/", reviewer=account.name))
        if len(found) > _MOST_REVIEWS:
            told.append(f"还有{len(found) - _MOST_REVIEWS}份，审完这些再回“待审”。")
        return "\n\n".join(told)

    def _today(self, turn: _Turn) -> str:
        day = turn.now.astimezone(SHANGHAI).date()
        found = last_sent(turn.cursor, day=day)
        if found is None:
            return "还没有发过简报。每天8:00有。"
        one = edition(turn.cursor, found)
        lines = [] if one.day == day else ["今天的还没有发，这是最近的一份。"]
        by = f"，{veiled(one.approved_by)}审定" if one.approved_by else ""
        lines += [f"{one.content.title}{by}。", one.content.teaser, *highlights(one.content)]
        lines.append(self._link(turn, found, "读全文"))
        return "\n".join([*lines, "看完回“已读”。"])

    def _earlier(self, turn: _Turn) -> str:
        day = turn.now.astimezone(SHANGHAI).date()
        found = sent_before(turn.cursor, day=day, most=7)
        if not found:
            return "还没有发过简报。"
        lines = [self._link(turn, one, f"{at.month}月{at.day}日") for one, at in found]
        return "最近的简报：\n" + "\n".join(lines)

    def _classroom(self, turn: _Turn) -> str:
        day = turn.now.astimezone(SHANGHAI).date()
        found = sent_before(turn.cursor, day=day, most=1, kind="saturday")
        if not found:
            return "还没有微信课堂。周六版里有。"
        [(one, at)] = found
        return f"{at.month}月{at.day}日的微信课堂：\n{self._link(turn, one, '打开')}"

    def _link(self, turn: _Turn, target: bytes, words: str) -> str:
        token = new_link(turn.cursor, officer=turn.officer.id, target=target, now=turn.now)
        return f'<a href="{self._public_url}/m/edition/{token}/">{words}</a>'

    def _read(self, turn: _Turn, *, understood: bool) -> str:
        found = last_sent(turn.cursor, day=turn.now.astimezone(SHANGHAI).date())
        if found is None:
            return "还没有发过简报。"
        mark_read(turn.cursor, found, turn.officer.id, now=turn.now, understood=understood)
        return "记下了，您已读。" if not understood else "记下了，您明白了。"

    def _received(self, turn: _Turn) -> str:
        answered = tasks.acknowledge(turn.cursor, turn.officer.id, number=turn.rest, now=turn.now)
        if not answered:
            return "现在没有等您回“收到”的任务。"
        at = turn.now.astimezone(SHANGHAI)
        told = "\n".join(f"{number}号：{words}" for number, words in answered)
        return f"{at.hour}:{at.minute:02} 记下了：\n{told}"

    def _on_duty(self, turn: _Turn) -> str:
        found = roster.on_duty(turn.cursor, now=turn.now, place=turn.rest)
        if not found:
            return f"现在没有查到{turn.rest or '谁'}在班。" if turn.rest else "现在没有人排班。"
        people = officers_of_ids(turn.cursor, [one.officer for one in found], sealer=self._sealer)
        at = turn.now.astimezone(SHANGHAI)
        lines = [f"现在（{at.day}日{at.hour}:{at.minute:02}）："]
        for one in found[:12]:
            part = "带班" if one.is_lead else "在班"
            until = one.ends_at.astimezone(SHANGHAI)
            name = veiled(people[one.officer].name)
            lines.append(f"{one.post} {part} {name}，到{until.hour}:{until.minute:02}")
            after = roster.next_lead(turn.cursor, one.post, after=one.ends_at) if one.is_lead else None
            if after is not None:
                held = officers_of_ids(turn.cursor, [after.officer], sealer=self._sealer)[after.officer]
                lines[-1] += f"。接班 {veiled(held.name)}"
        if len(found) > 12:
            lines.append(f"还有{len(found) - 12}位，说得细一点再问，比如：值班 长江大桥")
        return "\n".join(lines)

    def _own_shifts(self, turn: _Turn) -> str:
        found = roster.own_shifts(turn.cursor, turn.officer.id, now=turn.now)
        if not found:
            return "您接下来没有排班。"
        return "您接下来的班：\n" + "\n".join(_shift(one) for one in found)

    def _swap(self, turn: _Turn) -> str:
        own = roster.own_shifts(turn.cursor, turn.officer.id, now=turn.now)
        next_one = next((one for one in own if one.starts_at > turn.now), None)
        if next_one is None:
            return "您接下来没有能换的班。"
        if not turn.rest:
            return f"您的下一个班：{_shift(next_one)}\n请谁替，回“换班”加对方警号。"
        try:
            taker = officer_of_number(turn.cursor, turn.rest.split()[0], marks=self._marks)
            number = roster.ask_swap(turn.cursor, next_one, taker=taker, now=turn.now)
        except (OfficerUnknown, SwapRefused) as error:
            return str(error)
        return (
            f"问下了，编号{number}：{_shift(next_one)}\n"
            f"请对方在这里回“同意换班 {number}”。对方同意以前，这个班还是您的。"
        )

    def _swapped(self, turn: _Turn, *, agrees: bool) -> str:
        number = (
            int(turn.rest) if turn.rest.isascii() and turn.rest.isdecimal() and len(turn.rest) < 12 else 0
        )
        try:
            swap = roster.answer_swap(
                turn.cursor, turn.officer.id, number=number, agrees=agrees, now=turn.now
            )
        except SwapRefused as error:
            return str(error)
        told = f"{_when(swap.starts_at)}{swap.post}"
        return f"换好了：{told}的班现在是您的。" if agrees else f"记下了，{told}的班您不换。"

    def _hand_over(self, turn: _Turn) -> str:
        unit = turn.officer.unit
        if turn.rest:
            roster.add_note(turn.cursor, unit=unit, officer=turn.officer.id, words=turn.rest, now=turn.now)
            return f"留下了，{turn.officer.unit_name}的下一班回“交接班”就能看到。"
        notes = roster.last_notes(turn.cursor, unit=unit, since=turn.now - timedelta(days=1))
        if not notes:
            return "这一天没有人留话。要留，回“交接班”加内容。"
        people = officers_of_ids(turn.cursor, [one.officer for one in notes], sealer=self._sealer)
        return "\n".join(f"{_when(one.at)}{veiled(people[one.officer].name)}：{one.words}" for one in notes)

    def _quiz(self, turn: _Turn) -> str:
        held = quiz.open_quiz(turn.cursor, now=turn.now)
        if held is None:
            return "这周没有测验。"
        choice = "ABCD".find(turn.rest.upper()) + 1 if len(turn.rest) == 1 else 0
        if 1 <= choice <= len(held.choices):
            first = quiz.answer_quiz(turn.cursor, held, officer=turn.officer.id, choice=choice, now=turn.now)
        else:
            known = quiz.own_answer(turn.cursor, held, officer=turn.officer.id)
            if known is None:
                told = [f"{'ABCD'[place]} {words}" for place, words in enumerate(held.choices)]
                return "\n".join([held.question, *told, "回“测验”加字母，只算第一次。"])
            first = known
        right = "对了。" if first == held.correct else f"应该是{'ABCD'[held.correct - 1]}。"
        lines = [f"您答{'ABCD'[first - 1]}，{right}", held.because]
        result = quiz.unit_result(turn.cursor, held, unit=turn.officer.unit)
        if result is not None:
            lines.append(f"{turn.officer.unit_name}答了{result[0]}人，对{result[1]}人。")
        return "\n".join(line for line in lines if line)

    def _contribute(self, turn: _Turn) -> str:
        if not turn.rest:
            return "把要写的放在“投稿”后面一起发，最多500字。不要写当事人的姓名、车牌。"
        turn.cursor.execute(
            "INSERT INTO briefing_contribution (officer, words, at) VALUES (%(officer)s, %(words)s, %(now)s)",
            {"officer": turn.officer.id, "words": turn.rest, "now": turn.now},
        )
        return "收到投稿，谢谢。编辑看过，用在周六版。"

    def _suggest(self, turn: _Turn) -> str:
        token = self._box.of(turn.now.astimezone(SHANGHAI).date())
        return (
            "意见写在网页里，聊天里不写：聊天记录会留下是谁。\n"
            f'<a href="{self._public_url}/m/box/{token}/">打开意见箱</a>\n'
            "今天每个人打开的都是同一页，不记是谁、几点写的。"
        )

    def _unbind(self, turn: _Turn) -> str:
        unbind(turn.cursor, account=turn.account, person=turn.person)
        return "解绑了，这里不再给您发简报。要再绑定，请到本单位管理员那里换一个绑定码。"

    def _rules(self, turn: _Turn) -> str:
        if not turn.rest:
            return "要查什么？比如：查规定 货车能上长江大桥吗"
        return self._answer(turn.rest, turn.now)


def _when(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日{local.hour}:{local.minute:02} "


def _shift(one: roster.Shift) -> str:
    end = one.ends_at.astimezone(SHANGHAI)
    return f"{_when(one.starts_at)}到{end.hour}:{end.minute:02} {one.post}{' 带班' if one.is_lead else ''}"
