"""Tells answers of people from those of machines: out-of-office notes, receipts,
bulk mails. Of the headers of RFC 3834 and of what was common before it."""

import re

# Header: values that a person's mail does not have; None for any value.
OF_MACHINES = {
    "Auto-Submitted": r"(?!\s*no\b)",
    "Precedence": r"\s*(auto[_-]?reply|bulk|junk)\b",
    "X-Precedence": r"\s*(auto[_-]?reply|bulk|junk)\b",
    "X-Auto-Response-Suppress": r"\s*all\b",
    "X-Autoreply": r"(?!\s*(no|false)\b)",
    "X-Autorespond": r"(?!\s*(no|false)\b)",
    "X-Autoresponder": "",
    "X-Auto-Reply-From": "",
    "X-Mail-Autoreply": "",
    "X-FC-MachineGenerated": "",
    "X-MS-Exchange-Inbox-Rules-Loop": "",
    "Delivered-To": r"\s*autoresponder\b",
    "Return-Path": r"\s*<\s*>\s*$",
    "Content-Type": r"\s*multipart/report\b",
}
# What mail programs put before the subject, for those that send no such header.
SUBJECT = re.compile(
    r"\s*(automatic reply|auto[- ]?reply|auto[- ]?response|out of (the )?office"
    r"|abwesenheits|automatische antwort|réponse automatique|absence du bureau"
    r"|respuesta automática|risposta automatica|automatisch antwoord"
    r"|resposta automática|autosvar|automaattinen vastaus)",
    re.IGNORECASE,
)


def is_automatic(message):
    """Tell whether an email was sent by a machine.

    :param email.message.EmailMessage message: or anything with ``get``
    """
    for header, pattern in OF_MACHINES.items():
        value = message.get(header)
        if value is not None and re.match(pattern, str(value), re.IGNORECASE):
            return True
    return bool(SUBJECT.match(str(message.get("Subject") or "")))
