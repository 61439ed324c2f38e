"""Any composition of parts, in any order and joint, gives the parts back."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.conversation.meaning import Asks, Car
from daxiang.domains.conversation.understand import names_of, understand
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.values import VehicleClass, VehicleUse
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate

NOW = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
NAMES = names_of(load_city("wuhan"))

DAYS = {
    "": (),
    "今天": (date(2026, 11, 24),),
    "明天": (date(2026, 11, 25),),
    "后天": (date(2026, 11, 26),),
    "周六": (date(2026, 11, 28),),
    "下周一": (date(2026, 11, 30),),
    "28号": (date(2026, 11, 28),),
    "11月28日": (date(2026, 11, 28),),
    "十二月三号": (date(2026, 12, 3),),
    "2027年1月5日": (date(2027, 1, 5),),
    "周末": (date(2026, 11, 28), date(2026, 11, 29)),
}
HOURS = {
    "": None,
    "早上8点": (480, None),
    "下午三点": (900, None),
    "晚上十点半": (1350, None),
    "22点": (1320, None),
    "19:30": (1170, None),
    "晚高峰": (1020, 1140),
    "中午": (660, 780),
}
CARS = {
    "尾号5": Car(tail="5"),
    "尾号是六": Car(tail="6"),
    "尾数0": Car(tail="0"),
    "鄂A12345": Car(plate=read_plate("鄂A12345")),
    "鄂a·１２３４k": Car(plate=read_plate("鄂A1234K")),
    "鄂AD12345": Car(plate=read_plate("鄂AD12345")),
    "豫S8B626": Car(plate=read_plate("豫S8B626")),
}
KINDS = {
    "": {},
    "绿牌": {"is_green": True},
    "出租车": {"use": VehicleUse.TAXI, "vehicle_class": VehicleClass.SMALL_PASSENGER},
    "轻卡": {"vehicle_class": VehicleClass.LIGHT_TRUCK},
    "9座": {"seats": 9},
    "外地车": {"is_local": False},
    "车高3米2": {"height_m": 3.2},
}
PLACES = {
    "": (),
    "长江大桥": ("changjiang-bridge",),
    "過江漢橋": ("jianghan-bridge",),
    "长江隧道": ("changjiang-tunnel",),
    "二桥": ("changjiang-second-bridge", "zhiyin-bridge"),
    "磨山": ("east-lake-moshan",),
}
FILLERS = ("", "请问", "您好", "我想问一下", "能走吗", "走得吗", "限不限", "可以走吗？", "谢谢")


@settings(max_examples=300)
@given(
    day=st.sampled_from(sorted(DAYS)),
    hour=st.sampled_from(sorted(HOURS)),
    car=st.sampled_from(sorted(CARS)),
    kind=st.sampled_from(sorted(KINDS)),
    place=st.sampled_from(sorted(PLACES)),
    filler=st.sampled_from(FILLERS),
    joint=st.sampled_from([" ", "，", "  ", "。", ", ", "、"]),
    data=st.data(),
)
def test_a_composition_gives_its_parts_back(
    day: str, hour: str, car: str, kind: str, place: str, filler: str, joint: str, data: st.DataObject
) -> None:
    when = f"{day}{hour}"
    parts = data.draw(
        st.permutations([part for part in (when, f"{kind} {car}".strip(), place, filler) if part])
    )
    text = joint.join(parts)
    asks = understand(text, now=NOW, names=NAMES)
    assert isinstance(asks, Asks), text
    hours = asks.hours and (asks.hours.start, asks.hours.end)
    own = CARS[car]
    assert (asks.days, hours, asks.places, asks.unread) == (DAYS[day], HOURS[hour], PLACES[place], ""), text
    assert asks.readings == (), text
    assert asks.cars == (Car(plate=own.plate, tail=own.tail, **KINDS[kind]),), text
