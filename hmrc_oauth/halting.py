"""Work that stands still: its next call is one of HMRC's operations that are paused, or of an API that HMRC refuses us.
It costs it nothing: no turn of the pace, and none of its tries.
"""

from datetime import datetime
from uuid import UUID

from hmrc_door.halted import is_halted
from hmrc_door.operation import Call
from hmrc_oauth import standstill
from tenants import due


def stands_still(request: Call, *, kind: due.Kind, subject_id: UUID, now: datetime) -> bool:
    """Whether it has to stand still, for whichever reason. Asked before anything is claimed: then it is put off."""
    if halts(request.operation, kind=kind, subject_id=subject_id):
        return True
    until = standstill.waits_until(request.api, now=now)
    if until is not None:
        due.put_off(kind=kind, subject_id=subject_id, until=until)
    return until is not None


def halts(operation: str, *, kind: due.Kind, subject_id: UUID) -> bool:
    """Whether it has to stand still, until the pause ends and puts it back. Asked before anything is claimed."""
    if not is_halted(operation):
        return False
    due.halt(kind=kind, subject_id=subject_id, operation=operation)
    return True
