"""What drf-spectacular can't see: our scopes, every refusal by its code, idempotency keys, versions, headers."""

from typing import Any

from drf_spectacular.openapi import AutoSchema as Base
from drf_spectacular.utils import OpenApiParameter

import schema.hmrc_bodies  # noqa: F401  it makes itself known
from schema import parts, refusals

_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="An ETag: nothing is done unless it is still the current one."
)


class AutoSchema(Base):
    """Adds to every operation what holds by construction: refusals, headers, the scope."""

    view: Any  # one of ours

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        codes = refusals.by_status(
            refusals.of(
                self.view,
                self.method,
                has_ids="{" in self.path,
                has_body="requestBody" in operation,
                takes_key=self._takes_key(),
                has_tag=self._is_named(operation, "If-Match"),
            )
        )
        if len(operation.get("requestBody", {}).get("content", ())) > 1:
            operation["requestBody"]["required"] = True  # a file, or what stands for one
        for status, answer in operation["responses"].items():
            answer["headers"] = parts.headers_of(self.method, status, tagged=self._answers_tag(status))
        operation["responses"] |= {status: parts.refusal(status, names) for status, names in codes.items()}
        operation["x-error-codes"] = codes
        scope = getattr(self.view, "scopes", {}).get(self.method)
        if scope:
            operation["x-scope"] = str(scope)
        operation["x-public"] = not self.view.authentication_classes  # taken away again by hooks.finish
        return operation

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if self._takes_key():
            parameters.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
                    OpenApiParameter.HEADER,
                    required=self.view.key_required,
                    description="Yours, new for each thing you ask.",
                )
            )
        if self.view.is_tagged() and self.method in {"PATCH", "PUT", "DELETE"}:
            parameters = [each for each in parameters if getattr(each, "name", "") != "If-Match"] + [_IF_MATCH]
        return parameters

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        said = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        closed = getattr(serializer, "closed", False) and "properties" in said  # an empty one is no body at all
        return {**said, "additionalProperties": False} if closed else said

    def _resolve_path_parameters(self, variables: Any) -> Any:
        found = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        return [{**each, "schema": parts.YEAR} if each["name"] == "tax_year" else each for each in found]

    def get_tags(self) -> list[str]:
        words = self.path.removeprefix("/api/v1").strip("/").split("/")
        return [words[0] or "meta"]

    def _takes_key(self) -> bool:
        return bool(self.method == "POST")

    def _answers_tag(self, status: str) -> bool:
        return status in {"200", "201"} and self.view.is_tagged() and self.method != "DELETE"

    @staticmethod
    def _is_named(operation: dict[str, Any], name: str) -> bool:
        return any(each["name"] == name for each in operation.get("parameters", ()))
