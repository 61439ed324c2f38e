"""Rolls of invented officers."""

from __future__ import annotations

import random

from daxiang.domains.officers.roll import COLUMNS

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
NAMES = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"
BRIGADES = ("洪山大队", "硚口大队", "青山大队", "汉阳大队", "江汉大队", "长江大桥大队")


def line_of(number: int, *, unit: str = "", name: str = "") -> str:
    rand = random.Random(number)
    unit = unit or f"武汉支队/{rand.choice(BRIGADES)}/{rand.choice('一二三')}中队"
    name = name or rand.choice(SURNAMES) + rand.choice(NAMES)
    return f"{number:06},{name},{unit},民警,1380000{number % 10_000:04}"


def roll_of(numbers: range | list[int]) -> str:
    return "\n".join([",".join(COLUMNS), *(line_of(number) for number in numbers)])
