"""Every stable code, from one register: our rooms' faults and HMRC's meanings."""

from typing import Any

from hmrc_door.errors import CATALOGUE
from tenants.faults import Fault

_HMRC = {meaning.code: meaning for meaning in CATALOGUE}


def entries() -> list[dict[str, Any]]:
    """What `GET /errors` lists, by code. `status` is null for codes that never are an answer of their own."""
    ours = {fault.code: _of_fault(fault) for fault in Fault.all()}
    theirs = {code: _of_meaning(meaning) for code, meaning in _HMRC.items() if code not in ours}
    return [entry for _, entry in sorted({**theirs, **ours}.items())]


def user_action(code: str) -> str:
    """What to do about a code; empty for none."""
    return _HMRC[code].user_action if code in _HMRC else ""


def _of_fault(fault: type[Fault]) -> dict[str, Any]:
    return {
        "code": fault.code,
        "title": fault.title,
        "status": int(fault.status),
        "who": str(fault.who),
        "user_action": fault.user_action,
        "retryable": fault.retryable,
    }


def _of_meaning(meaning: Any) -> dict[str, Any]:
    return {
        "code": meaning.code,
        "title": meaning.title,
        "status": None,
        "who": str(meaning.who),
        "user_action": meaning.user_action,
        "retryable": meaning.retryable,
    }
