"""`python -m tests.simulator.clients.table`: what is proved how, into docs/reference/simulator-calls.md.

wechatpy's part is what its two versions called when they last told their stories (wechatpy.json, written here
too); the rest is what the marked tests declare (tests/simulator/proofs.py). Tests hold both.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from daxiang_simulator.platform.purposes import PURPOSES
from tests.simulator.clients.children import Told, tell_all
from tests.simulator.proofs import CALLS, Proof, declared

HERE = Path(__file__).parent
LIST = HERE / "wechatpy.json"
PAGE = HERE.parents[2] / "docs/reference/simulator-calls.md"
Proved = dict[str, dict[str, list[int]]]
PROVED: Proved = json.loads(LIST.read_text(encoding="utf-8")) if LIST.exists() else {}
HEAD = """# Which call is proved how

Written by `python -m tests.simulator.clients.table`; tests hold it, and each proof is held to the call that
it says it makes. [The simulator's page](simulator.md) says who may call what, and how often.

- **wechatpy** with a version: this unmodified client, which knows nothing of the simulator, makes the call
  and is content with the answer, in success and in the refusals named.
- **body**: the answer is compared with the one documented on the page named (developers.weixin.qq.com, the
  documents of service accounts unless it says otherwise).
- **shape**: the answer has the names and types of the fixture named, of another project's tests.
- **refused**: the codes that a test has brought about and read.

| call | what it does | proved by | refused with |
|---|---|---|---|
"""


def as_proved(told: dict[str, Told]) -> Proved:
    """Version -> call -> codes, as it is kept."""
    return {
        version: {call: sorted(one.codes[call]) for call in sorted(one.codes)}
        for version, one in told.items()
    }


def page(proved: Proved, proofs: list[Proof]) -> str:
    """The whole page."""
    return HEAD + "".join(_row(call, proved, proofs) for call in sorted(CALLS, key=_by_path))


def unproved(proved: Proved, proofs: list[Proof]) -> set[str]:
    """Calls whose success nothing proves."""
    return {call for call in CALLS if not _ways(call, proved, proofs)}


def _by_path(call: str) -> str:
    return call.partition(" ")[2]


def _row(call: str, proved: Proved, proofs: list[Proof]) -> str:
    codes = {code for calls in proved.values() for code in calls.get(call, [])}
    codes |= {proof.code for proof in proofs if proof.call == call}
    refusals = ", ".join(str(code) for code in sorted(codes - {0}))
    ways = "<br>".join(_ways(call, proved, proofs)) or "—"
    return f"| `{call}` | {PURPOSES[_by_path(call)]} | {ways} | {refusals} |\n"


def _ways(call: str, proved: Proved, proofs: list[Proof]) -> list[str]:
    versions = [
        version.replace(".alpha", "a") for version, calls in proved.items() if 0 in calls.get(call, [])
    ]
    own = [proof for proof in proofs if proof.call == call]
    ways = [f"wechatpy {' and '.join(versions)}"] if versions else []
    ways += [f"body: {one.body}" for one in own if one.body]
    return ways + [f"shape: {one.shape}" for one in own if one.shape]


def main() -> None:
    told = asyncio.run(tell_all())
    for one in told.values():
        for difference in one.differences:
            print(f"wechatpy {one.version}: {difference}")
    proved = as_proved(told)
    LIST.write_text(json.dumps(proved, indent=1) + "\n", encoding="utf-8")
    proofs = declared()
    PAGE.write_text(page(proved, proofs), encoding="utf-8")
    print(f"{len(CALLS)} calls, without proof: {sorted(unproved(proved, proofs))}")


if __name__ == "__main__":
    main()
