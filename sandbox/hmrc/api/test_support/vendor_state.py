"""Delete the test data of a taxpayer; create, list, delete and restore checkpoints of it."""

import re
from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.operation import READ, WRITE, Answer, Call, Operation
from sandbox.hmrc.api.problems import NOT_AUTHORISED, Problem, Refusal, refuse
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.people import NINO

BASE = "/individuals/self-assessment-test-support"
PATH = f"{BASE}/vendor-state"
CHECKPOINTS = f"{PATH}/checkpoints"
CHECKPOINT = f"{CHECKPOINTS}/{{checkpointId}}"
BAD_CHECKPOINT_ID = Problem("FORMAT_CHECKPOINT_ID", "The provided checkpoint ID is invalid")
_CHECKPOINT_ID = re.compile(r"[A-Za-z0-9-]{36}")


def check_nino(call: Call) -> str:
    """Return the taxpayer's NINO. Raises Refusal for one that is no NINO or another's."""
    nino = call.query.get("nino", call.user.nino)
    if not NINO.fullmatch(nino):
        raise Refusal(problems.NINO)
    return nino if nino == call.user.nino else refuse(NOT_AUTHORISED)


def check_needed_nino(call: Call) -> str:
    return check_nino(call) if "nino" in call.query else refuse(problems.NINO)


def check_checkpoint_id(call: Call) -> str:
    checkpoint_id = call.path["checkpointId"]
    return checkpoint_id if _CHECKPOINT_ID.fullmatch(checkpoint_id) else refuse(BAD_CHECKPOINT_ID)


def delete_state(call: Call, nino: str) -> Answer:
    return Answer(204) if call.world.vendor_state.drop(nino=nino) else refuse(problems.NOT_FOUND)


def create_checkpoint(call: Call, nino: str) -> Answer:
    checkpoint_id = call.world.vendor_state.keep(nino=nino, now=call.world.clock.now())
    return Answer(201, {"checkpointId": checkpoint_id or refuse(problems.NOT_FOUND)})


def list_checkpoints(call: Call, nino: str) -> Answer:
    listed = [
        {"checkpointId": one.checkpoint_id, "checkpointCreationTimestamp": to_iso(one.created_at)}
        for one in call.world.vendor_state.checkpoints(nino=nino)
    ]
    return Answer(200, {"checkpoints": listed})


def delete_checkpoint(call: Call, checkpoint_id: str) -> Answer:
    is_gone = call.world.vendor_state.drop_checkpoint(checkpoint_id, nino=call.user.nino)
    return Answer(204) if is_gone else refuse(problems.NOT_FOUND)


def restore_checkpoint(call: Call, checkpoint_id: str) -> Answer:
    is_back = call.world.vendor_state.restore(checkpoint_id, nino=call.user.nino)
    return Answer(201) if is_back else refuse(problems.NOT_FOUND)


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="vendor_state_delete",
        method="DELETE",
        path=PATH,
        version="1.0",
        scope=WRITE,
        check=check_nino,
        stateful=delete_state,
    ),
    Operation(
        name="checkpoint_list",
        method="GET",
        path=CHECKPOINTS,
        version="1.0",
        scope=READ,
        check=check_nino,
        stateful=list_checkpoints,
    ),
    Operation(
        name="checkpoint_create",
        method="POST",
        path=CHECKPOINTS,
        version="1.0",
        scope=WRITE,
        check=check_needed_nino,
        stateful=create_checkpoint,
    ),
    Operation(
        name="checkpoint_delete",
        method="DELETE",
        path=CHECKPOINT,
        version="1.0",
        scope=WRITE,
        check=check_checkpoint_id,
        stateful=delete_checkpoint,
    ),
    Operation(
        name="checkpoint_restore",
        method="POST",
        path=f"{CHECKPOINT}/restore",
        version="1.0",
        scope=WRITE,
        check=check_checkpoint_id,
        stateful=restore_checkpoint,
    ),
)
