"""Channels outside WeChat: the log, an e-mail, a webhook; one port, chosen by settings."""

from __future__ import annotations

import json
import smtplib
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import structlog

from daxiang.foundation.alarms.operations import EMAIL, LOG, WEBHOOK, Message

log = structlog.get_logger()
TIMEOUT_S = 10.0
Tell = Callable[[Message], None]
"""Tells it, or raises."""


@dataclass(frozen=True, kw_only=True)
class AlarmSettings:
    """Where alarms go besides the log. `mail`: smtp:// or smtps:// with the server, None: no e-mail."""

    mail: str | None = None
    mail_from: str = ""
    mail_to: tuple[str, ...] = ()
    webhook: str | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels that are set."""
        email = (EMAIL,) if self.mail and self.mail_to else ()
        return (LOG, *email, *((WEBHOOK,) if self.webhook else ()))


def channels_of(settings: AlarmSettings) -> Mapping[str, Tell]:
    """The channels that are set, by name."""
    found: dict[str, Tell] = {LOG: _to_log}
    if settings.mail and settings.mail_to:
        found[EMAIL] = lambda message: _to_mail(message, settings)
    if settings.webhook:
        address = settings.webhook
        found[WEBHOOK] = lambda message: _to_webhook(message, address)
    return found


def _to_log(message: Message) -> None:
    log.error("alarm", kind=message.kind, code=str(message.alarm))


def _to_mail(message: Message, settings: AlarmSettings) -> None:
    parts = urlsplit(settings.mail or "")
    letter = EmailMessage()
    letter["Subject"] = f"告警：{message.words[:60]}"
    letter["From"], letter["To"] = settings.mail_from, ", ".join(settings.mail_to)
    letter["Message-ID"] = f"<alarm-{message.alarm}@daxiang>"
    letter.set_content(_text(message))
    context = ssl.create_default_context()
    host, port = parts.hostname or "localhost", parts.port
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_S)
    with server:
        if parts.username:
            if parts.scheme == "smtp":
                server.starttls(context=context)
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(letter)


def _to_webhook(message: Message, address: str) -> None:
    """A POST with JSON; the alarm's id lets the other side tell a repeat."""
    body = json.dumps(
        {
            "id": message.alarm,
            "kind": message.kind,
            "text": message.words,
            "owner": message.owner,
            "raised_at": message.raised_at.isoformat(),
        },
        ensure_ascii=False,
    ).encode()
    request = urllib.request.Request(  # noqa: S310 (the operator's own address)
        address, body, {"Content-Type": "application/json", "Idempotency-Key": f"alarm-{message.alarm}"}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
        answer.read(1000)


def _text(message: Message) -> str:
    at = message.raised_at.isoformat()
    return f"{message.words}\n\n该谁办：{message.owner}\n时间：{at}\n编号：{message.alarm}\n"
