"""Words and tones of envelopes and their lines."""

from typing import Any, Final

from zhubao.exchange.models import Envelope, EnvelopeState
from zhubao.web.clerk.words import language

TONES: Final = {
    EnvelopeState.MADE: "info",
    EnvelopeState.SENT: "ok",
    EnvelopeState.ARRIVED: "wait",
    EnvelopeState.RECEIVED: "wait",
    EnvelopeState.ACCEPTED: "ok",
    EnvelopeState.PARTLY: "wait",
    EnvelopeState.REFUSED: "bad",
}


def tone_of(envelope: Envelope) -> str:
    """Return the tone of an envelope's state."""
    return TONES.get(EnvelopeState(envelope.state), "")


def faults_of(envelope: Envelope) -> list[tuple[str, str]]:
    """Return what was wrong with a refused file: each fault with its code, in the page's language and with its signs."""
    chinese = language() == "zh"
    faults = []
    for line in filter(None, (envelope.fault if chinese else envelope.fault_en).splitlines()):
        code, colon, words = line.partition(": ")
        code, words = (code, words) if colon and code.startswith("E-") else ("", line)
        faults.append((code, words.replace(": ", "：", 1).replace("; ", "；") if chinese else words))
    return faults


def row_of(envelope: Envelope) -> dict[str, Any]:
    """Return what a list shows of an envelope."""
    return {"envelope": envelope, "tone": tone_of(envelope), "refused_whole": bool(envelope.fault)}
