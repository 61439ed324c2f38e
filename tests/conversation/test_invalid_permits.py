"""A permit that has run out or is somebody else's opens nothing; what an alert leaves open is not told."""

from __future__ import annotations

from datetime import datetime

import pytest

from daxiang.domains.conversation.queries import reply_to_text
from daxiang.kernel.clock import SHANGHAI

NOON = datetime(2026, 11, 25, 11, 30, tzinfo=SHANGHAI)


def said(*texts: str) -> str:
    talk, text = None, ""
    for one in texts:
        reply = reply_to_text(one, account_kind="service", city="wuhan", at=NOON, talk=talk)
        talk, text = reply.talk or talk, reply.text
    return text


@pytest.mark.parametrize(
    "words",
    [
        "办了进京证但过期了",
        "有进京证过期",
        "朋友有进京证",
        "去年办了进京证",
        "进京证被拒了",
        "申请了进京证没批",
        "进京证没办",
    ],
)
def test_a_permit_that_is_none_lets_nobody_in(words: str) -> None:
    assert not said(f"北京 鄂A12345 {words} 今天").startswith("能走")


def test_a_permit_that_holds_lets_in() -> None:
    assert said("北京 鄂A12345 有进京证 今天").startswith("能走")


def test_a_day_that_was_not_granted_is_none() -> None:
    assert not said("深圳 鄂A12345 申请免限没批 明天早上8点").startswith("能走")


@pytest.mark.parametrize(
    "words", ["成都橙色预警 尾号4 明天晚上9点", "成都红色预警 川A12345 明天", "成都黄色预警 尾号4"]
)
def test_while_an_alert_is_spoken_of_nobody_is_told_to_drive(words: str) -> None:
    assert "能走" not in said(words).replace("不敢说能走", "").replace("按不能走安排", "")


@pytest.mark.parametrize(
    "words", ["北京 临时号牌 尾号3 周一 京牌", "上海 沪牌 临时号牌 延安高架", "深圳 临牌 粤B 明天8点"]
)
def test_of_a_temporary_plate_the_plate_is_asked_for(words: str) -> None:
    first = said(words)
    assert not first.startswith("能走")
    assert "把车牌发给" in first


def test_days_still_to_come_were_not_driven() -> None:
    assert not said("广州 鄂A12345 后天", "前3天都开了").startswith("能走")


def test_of_a_part_of_the_day_only_that_part_is_told() -> None:
    told = said("成都 早高峰 尾号9 明天")
    assert "，其他时间能走" not in told
    assert "这段里其他时间能走" in told


@pytest.mark.parametrize("words", ["我昨天到的", "昨天到的 今天能开吗"])
def test_the_day_of_arrival_is_not_the_day_asked_about(words: str) -> None:
    assert said(f"兰州 陕A12348 {words}").startswith("兰州今天（25日 周三），陕A·1***8：限行区不能走")


def test_days_driven_are_not_the_days_asked_about() -> None:
    told = said("广州 鄂A12345 11月22日、23日、24日开过")
    assert told.startswith("能走。广州今天（25日 周三）")
    assert "明天（26日 周四）0:00–29日（周日）0:00不能走" in told


def test_a_place_that_is_not_on_record_is_not_passed_over() -> None:
    assert said("杭州西湖景区 明天 浙A12345").startswith("“杭州西湖景区”在不在限行的地方里")


def test_a_regional_plate_is_reminded_of_where_it_counts() -> None:
    assert "区域号牌另有规定" in said("杭州 浙A12343 高架 明天上午9点半")


def test_a_leniency_for_some_is_told_to_nobody_of_whom_that_is_not_known() -> None:
    assert "只警告" not in said("贵阳限行吗")
    assert "只警告" in said("贵阳 湘A12343 周三")
