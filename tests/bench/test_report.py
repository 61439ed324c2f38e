"""What is written about a run: goals are said as they are, the drawing is whole and says its figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree

from bench.gateway import chart, report
from bench.gateway.contest import QUICK, Figures, Results
from bench.gateway.goals import goals
from bench.gateway.servers import CONTESTANTS, REAL
from bench.micro import Parts

from daxiang.kernel.clock import SHANGHAI

FIGURES = Figures(
    messages_s=1000,
    p50_ms=1,
    p99_ms=10,
    max_ms=20,
    server_us=100,
    postgres_us=20,
    wrong=0,
    first_wrong="",
    deliveries=1000,
    messages=1000,
    kept=1000,
    doubled=0,
    never=0,
)


def results(**rates: float) -> Results:
    return Results(
        rounds={one.key: [replace(FIGURES, messages_s=rates.get(one.key, 1000))] * 2 for one in CONTESTANTS},
        half_load=FIGURES,
        repeats=FIGURES,
    )


def reached(found: Results) -> list[bool | None]:
    return [goal.reached for goal in goals(found)]


def test_a_run_that_reaches_every_goal_says_so() -> None:
    assert reached(results(constant=6000, real=3000)) == [True] * 8


def test_a_goal_missed_by_little_is_missed() -> None:
    assert reached(results(constant=5999, real=2999))[:2] == [False, False]


def test_the_faster_of_the_libraries_is_the_measure() -> None:
    assert reached(results(constant=6000, real=3000, flask_threads=1001))[:2] == [False, False]


def test_one_wrong_reply_of_one_round_misses_the_goal() -> None:
    found = results(constant=6000, real=3000)
    found.rounds[REAL.key][1] = replace(FIGURES, wrong=1)
    assert found.wrong == 1
    assert reached(found)[-1] is False


def test_without_the_peers_their_goals_count_as_not_measured() -> None:
    found = results()
    found.rounds = {key: row for key, row in found.rounds.items() if key in {"constant", "real"}}
    assert reached(found)[:4] == [None] * 4


def test_the_page_holds_every_server_every_goal_and_what_was_skipped() -> None:
    found = results()
    found.skipped.append("the peers (no network)")
    text = report.page(
        found,
        goals(found),
        Parts(ours_us=1, strict_us=2, wechatpy_us=2, ratio=2, decision_us=3, question_us=4, picture_ms=5),
        length=QUICK,
        facts=[("processor", "2 x invented")],
        versions="none",
        at=datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI),
    )
    wanted = [one.label for one in CONTESTANTS] + [goal.name for goal in goals(found)]
    assert [name for name in (*wanted, "Skipped: the peers (no network)") if name not in text] == []


def test_the_drawing_is_whole_and_says_every_figure_in_words() -> None:
    bars = [
        chart.Bar(label="ours & <own>", ours=True, messages_s=4321, server_us=99, postgres_us=11),
        chart.Bar(label="peer", ours=False, messages_s=1234, server_us=888, postgres_us=77),
    ]
    drawing = ElementTree.fromstring(chart.draw(bars, subtitle="invented"))  # noqa: S314 (our own)
    said = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {"ours & <own>", "4,321", "99 + 11", "peer", "1,234", "888 + 77"} <= set(said)


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    bars = [
        chart.Bar(label="a", ours=True, messages_s=4000, server_us=100, postgres_us=0),
        chart.Bar(label="b", ours=False, messages_s=1000, server_us=400, postgres_us=0),
    ]
    drawing = ElementTree.fromstring(chart.draw(bars, subtitle=""))  # noqa: S314 (our own)
    widths = {
        kind: [
            float(bar.attrib["width"])
            for bar in drawing.iter("{http://www.w3.org/2000/svg}rect")
            if bar.get("class") == kind
        ]
        for kind in ("ours", "peer")
    }
    assert widths["ours"][0] / widths["peer"][0] == 4
    assert widths["ours"][1] / widths["peer"][1] == 0.25
