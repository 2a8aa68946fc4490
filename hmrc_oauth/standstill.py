"""Work whose next call is one of HMRC's operations that are paused. It stands still, and that costs it nothing: no turn
of the pace, and none of its tries.
"""

from uuid import UUID

from hmrc_door.halted import is_halted
from tenants import due


def halts(operation: str, *, kind: due.Kind, subject_id: UUID) -> bool:
    """Whether it has to stand still, until the pause ends and puts it back. Asked before anything is claimed."""
    if not is_halted(operation):
        return False
    due.halt(kind=kind, subject_id=subject_id, operation=operation)
    return True
