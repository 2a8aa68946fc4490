"""For schemathesis: every other landlord that a request names is a real one, so that more is reached than a 404."""

import json
import os
from typing import Any

import schemathesis

_REAL = json.loads(os.environ.get("QUARTERDAY_LANDLORDS", "[]"))


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any]) -> dict[str, Any]:
    """What is not a landlord's stays as it was made up."""
    made_up = (path_parameters or {}).get("landlord_id")
    if not _REAL or not isinstance(made_up, str) or sum(made_up.encode()) % 2:
        return path_parameters
    return {**path_parameters, "landlord_id": _REAL[sum(made_up.encode()) % len(_REAL)]}
