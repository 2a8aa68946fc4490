"""Every stable code, from one register: our rooms' faults and HMRC's meanings."""

from typing import Any

from hmrc_door.errors import CATALOGUE, hmrc_codes
from hmrc_door.meanings.table import Meaning
from tenants.faults import Fault

_HMRC = {meaning.code: meaning for meaning in CATALOGUE}


def entries() -> list[dict[str, Any]]:
    """What `GET /errors` lists, by code. `status` is null for codes that never are an answer of their own."""
    ours = {fault.code: _entry(fault, int(fault.status)) for fault in Fault.all()}
    theirs = {code: _entry(meaning, None) for code, meaning in _HMRC.items() if code not in ours}
    return [entry for _, entry in sorted({**theirs, **ours}.items())]


def user_action(code: str) -> str:
    """What to do about a code; empty for none."""
    said = _HMRC.get(code) or next((fault for fault in Fault.all() if fault.code == code), None)
    return said.user_action if said else ""


def _entry(said: type[Fault] | Meaning, status: int | None) -> dict[str, Any]:
    return {
        "code": said.code,
        "title": said.title,
        "status": status,
        "who": str(said.who),
        "user_action": said.user_action,
        "retryable": said.retryable,
        "hmrc_codes": list(hmrc_codes(said.code)),
    }
