"""闯限行罚多少, 扣几分: what follows from driving where the tail may not; no other breach is meant."""

from __future__ import annotations

import re

_POLITE = "(?:请问|请问一下|问一下|问下|想问下|想问一下|那|那么|如果|要是|师傅|你好[,，]?|您好[,，]?)*"
_BREACH = (
    "(?:我|不小心|不知道)*(?:(?:误?闯|误入|违反)了?(?:禁行|限行|单双号|限号|尾号限行)?|不按(?:单双号|尾号)走|(?:限行|禁行)(?:违章|违法|被拍了?)"
    "|尾号限行|限行|禁行|限号|单双号)(?:的话|了)?[,，]?"
)
_ASKED = "(?:(?:会|要|得|一般)?(?:罚款?|扣|记)(?:多少|几多|几)(?:钱|分|百)?块?|(?:会|要)?怎么(?:处)?罚)"
_MAY_BE = (
    "(?:(?:会|要)?(?:被)?(?:罚款|扣分|罚钱|记分)吗|罚不罚款?|扣不扣分"
    "|(?:会不会|要不要)(?:被)?(?:罚款?|扣分|记分))"
)
_END = "(?:啊|呀|呢|啦|哦|么|吗)*"
_PENALTY = re.compile(
    f"{_POLITE}(?:(?:{_BREACH})?{_ASKED}(?:[,，]?(?:和|还是)?{_ASKED})*|{_BREACH}{_MAY_BE}(?:{_MAY_BE})*){_END}"
)


def asks_penalty(plain: str) -> bool:
    """Whether a text asks what a breach of the tail rules costs, and nothing else is said in it."""
    return len(plain) <= 30 and _PENALTY.fullmatch(plain) is not None
