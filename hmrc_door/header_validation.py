"""HMRC's Test Fraud Prevention Headers API: is what we send well formed? Sandbox only, by our application's token."""

from hmrc_door.operation import operation
from hmrc_door.versions import Api

_BASE = "/test/fraud-prevention-headers"


@operation(Api.TEST_HEADERS, "GET", _BASE + "/validate")
def validate_headers() -> None:
    """HMRC's opinion of the fraud-prevention headers sent with this very call; 200 for bad ones too."""


@operation(Api.TEST_HEADERS, "GET", _BASE + "/{api}/validation-feedback")
def get_feedback(*, api: str, connection_method: str | None = None) -> None:
    """HMRC's opinion of the headers of our latest calls to one of its APIs, by its name there (`obligations-mtd`)."""
