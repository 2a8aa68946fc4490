"""What drf-spectacular can't see: our scopes, the problem document every operation may answer, idempotency keys."""

from typing import Any

from drf_spectacular.openapi import AutoSchema as Base
from drf_spectacular.utils import OpenApiParameter

_REFUSALS = {
    "400": "Malformed",
    "401": "No credential, or not one of ours",
    "403": "Not allowed",
    "404": "Not found",
    "422": "Breaks a rule",
}


class AutoSchema(Base):
    """Adds the shared problem response, the Idempotency-Key header and the scope to every operation."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            for status, description in _REFUSALS.items():
                operation["responses"].setdefault(status, {"description": description, "content": _PROBLEM})
            scope = getattr(self.view, "scopes", {}).get(self.method)
            if scope:
                operation["x-scope"] = str(scope)
            operation["x-public"] = not self.view.authentication_classes  # taken away again by hooks.finish
        return operation

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if self.method == "POST" and getattr(self.view, "needs_agency", False):
            required = bool(getattr(self.view, "key_required", False))
            parameters.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    str,
                    OpenApiParameter.HEADER,
                    required=required,
                    description="Yours, new for each thing you ask.",
                )
            )
        return parameters

    def get_tags(self) -> list[str]:
        words = self.path.removeprefix("/api/v1").strip("/").split("/")
        return [words[0] or "meta"]


_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
