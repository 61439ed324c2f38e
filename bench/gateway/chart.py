"""The contest as a drawing: two columns of horizontal bars, readable on light and dark ground, each bar with
its figure in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDTH, _LABELS, _GAP, _ROW, _TOP = 960, 292, 88, 34, 92
_BAR = (_WIDTH - _LABELS - 2 * _GAP) // 2
# Light and dark values of the design's tokens: --card, --ink, --ink-3, --line, --brand, --edge, --unknown.
_STYLE = """
  svg { font-family: "PingFang SC", "Noto Sans CJK SC", system-ui, sans-serif; }
  .ground { fill: #FFFFFF; stroke: #DFDBD2; }
  .title { fill: #14212A; font-size: 17px; font-weight: 700; }
  .name, .figure { fill: #14212A; font-size: 13px; }
  .note { fill: #5A6770; font-size: 12px; }
  .ours { fill: #0E4A5A; } .peer { fill: #7C878F; } .database { fill: #7F4F00; }
  .bold { font-weight: 700; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #172024; stroke: #2B373D; }
    .title, .name, .figure { fill: #EDF2F3; }
    .note { fill: #9AA8AF; }
    .ours { fill: #86CBDD; } .peer { fill: #76868F; } .database { fill: #EFBB55; }
  }
"""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One server."""

    label: str
    ours: bool
    messages_s: float
    server_us: float
    postgres_us: float

    @property
    def cpu_us(self) -> float:
        return self.server_us + self.postgres_us


def draw(bars: Sequence[Bar], *, subtitle: str) -> str:
    """An SVG without script and without anything from elsewhere."""
    height = _TOP + len(bars) * _ROW + 24
    fastest, dearest = max(bar.messages_s for bar in bars), max(bar.cpu_us for bar in bars)
    body = "".join(_row(bar, _TOP + number * _ROW, fastest, dearest) for number, bar in enumerate(bars))
    told = "; ".join(f"{bar.label}: {bar.messages_s:,.0f}/s, {bar.cpu_us:.0f} µs" for bar in bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="title told">\n'
        f'<title id="title">The WeChat gateway beside its peers</title>\n'
        f'<desc id="told">{escape(told)}</desc>\n<style>{_STYLE}</style>\n'
        f'<rect class="ground" x=".5" y=".5" width="{_WIDTH - 1}" height="{height - 1}" rx="10"/>\n'
        f"{_text(24, 34, 'title', 'One message, durable before it is answered: ours beside the peers')}"
        f"{_text(24, 54, 'note', subtitle)}"
        f"{_text(_LABELS, 80, 'note', 'messages a second (longer is better)')}"
        f"{_text(_LABELS + _BAR + _GAP, 80, 'note', 'CPU µs a message: server, then PostgreSQL (shorter)')}"
        f"{body}</svg>\n"
    )


def _row(bar: Bar, top: int, fastest: float, dearest: float) -> str:
    kind, bold = ("ours", " bold") if bar.ours else ("peer", "")
    right, middle = _LABELS + _BAR + _GAP, top + 17
    speed = bar.messages_s / fastest * _BAR
    server, database = bar.server_us / dearest * _BAR, bar.postgres_us / dearest * _BAR
    return (
        _text(24, middle, f"name{bold}", bar.label)
        + _rectangle(_LABELS, top, speed, kind)
        + _text(_LABELS + speed + 8, middle, f"figure{bold}", f"{bar.messages_s:,.0f}")
        + _rectangle(right, top, server, kind)
        + _rectangle(right + server, top, database, "database")
        + _text(right + server + database + 8, middle, f"figure{bold}", _cpu(bar))
    )


def _cpu(bar: Bar) -> str:
    return f"{bar.server_us:.0f} + {bar.postgres_us:.0f}"


def _rectangle(x: float, y: float, width: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{max(1.0, width):.1f}" height="22" rx="3"/>\n'


def _text(x: float, y: float, kind: str, words: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y}">{escape(words)}</text>\n'
