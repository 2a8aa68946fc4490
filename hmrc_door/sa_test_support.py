"""HMRC's Self Assessment Test Support API: what the sandbox's STATEFUL scenarios work on. Sandbox only."""

from hmrc_door.bodies import JSON
from hmrc_door.hidden import Secret
from hmrc_door.operation import operation
from hmrc_door.versions import Api

_BASE = "/individuals/self-assessment-test-support"
_CHECKPOINTS = _BASE + "/vendor-state/checkpoints"
_CHECKPOINT = _CHECKPOINTS + "/{checkpoint_id}"


@operation(Api.TEST_SUPPORT, "POST", _BASE + "/business/{nino}")
def create_test_business(*, nino: Secret, body: dict[str, JSON]) -> None:
    """Give the test person a business; HMRC answers 201 and `businessId`. One of each property type."""


@operation(Api.TEST_SUPPORT, "DELETE", _BASE + "/business/{nino}/{business_id}")
def delete_test_business(*, nino: Secret, business_id: str) -> None:
    """Take a test business away; HMRC answers 204."""


@operation(Api.TEST_SUPPORT, "POST", _BASE + "/itsa-status/{nino}/{tax_year}")
def set_itsa_status(*, nino: Secret, tax_year: str, body: dict[str, JSON]) -> None:
    """Set the test person's statuses in a tax year; HMRC answers 204."""


@operation(Api.TEST_SUPPORT, "DELETE", _BASE + "/vendor-state")
def delete_vendor_state(*, nino: Secret | None = None) -> None:
    """Forget what the sandbox keeps for one NINO, or for our whole application; HMRC answers 204."""


@operation(Api.TEST_SUPPORT, "GET", _CHECKPOINTS)
def list_checkpoints(*, nino: Secret | None = None) -> None:
    """The checkpoints of one NINO, or of our whole application."""


@operation(Api.TEST_SUPPORT, "POST", _CHECKPOINTS)
def create_checkpoint(*, nino: Secret) -> None:
    """Keep what the sandbox holds for a NINO; HMRC answers 201 and `checkpointId`. 404 if it holds nothing."""


@operation(Api.TEST_SUPPORT, "DELETE", _CHECKPOINT)
def delete_checkpoint(*, checkpoint_id: str) -> None:
    """Drop a checkpoint; HMRC answers 204."""


@operation(Api.TEST_SUPPORT, "POST", _CHECKPOINT + "/restore")
def restore_checkpoint(*, checkpoint_id: str) -> None:
    """Put back what a checkpoint holds; HMRC answers 201."""
