"""The faults of the edge: what is wrong with a request before any room is entered."""

from http import HTTPStatus

from tenants.faults import Fault, Who


class MalformedJSON(Fault):
    code = "request.malformed_json"
    title = "The body is not valid JSON"
    user_action = "Send one JSON object, in UTF-8."


class MalformedCSV(Fault):
    code = "request.malformed_csv"
    title = "The body is not valid CSV"
    user_action = "Send UTF-8 with a header line; docs/filing.md names the columns."


class UnreadableFile(Fault):
    code = "import.unreadable"
    title = "The file can't be read"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    user_action = "Save it anew as .xlsx or as CSV in UTF-8 and send that; docs/imports.md says what is taken."


class UnsupportedMediaType(Fault):
    code = "request.unsupported_media_type"
    title = "The body's media type is not taken here"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    user_action = "Send application/json."


class NotAcceptable(Fault):
    code = "request.not_acceptable"
    title = "Only JSON is answered here"
    status = HTTPStatus.NOT_ACCEPTABLE
    user_action = "Accept application/json."


class TooLarge(Fault):
    code = "request.too_large"
    title = "The body is too large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    user_action = "Send at most 1 MB; a batch of submissions may have 16 MB, an import of landlords 20 MB."


class BadRequest(Fault):
    code = "request.malformed"
    title = "The request can't be understood"
    user_action = "Check the request against the OpenAPI document."


class BadCursor(Fault):
    code = "request.bad_cursor"
    title = "The cursor is not one of ours"
    user_action = "Take the cursor from next or previous as it is, or begin without one."


class MethodNotAllowed(Fault):
    code = "request.method_not_allowed"
    title = "This resource has no such method"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    user_action = "See the Allow header."


class Unauthenticated(Fault):
    code = "auth.required"
    title = "A credential is needed"
    status = HTTPStatus.UNAUTHORIZED
    user_action = "Send an API key or a landlord's token as Authorization: Bearer, or sign in."


class Forbidden(Fault):
    code = "auth.scope_missing"
    title = "The credential does not allow this"
    status = HTTPStatus.FORBIDDEN
    who = Who.AGENCY
    user_action = "Use a credential with the scope named in detail, or ask an administrator of the agency."


class CsrfFailed(Fault):
    code = "auth.csrf_failed"
    title = "The CSRF token is missing or wrong"
    status = HTTPStatus.FORBIDDEN
    user_action = "Send the value of the cookie quarterday_csrf as X-CSRFToken."


class KeyRequired(Fault):
    code = "idempotency.key_required"
    title = "An Idempotency-Key is needed here"
    user_action = "Send Idempotency-Key: a value of your own, new for each thing you ask, the same when you repeat it."


class KeyMalformed(Fault):
    code = "idempotency.key_malformed"
    title = "The Idempotency-Key can't be used"
    user_action = "Use 1 to 255 printable ASCII characters."


class KeyReused(Fault):
    code = "idempotency.key_reused"
    title = "The Idempotency-Key was used for another request"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    user_action = "Use a new key for a new request."


class StillRunning(Fault):
    code = "idempotency.still_running"
    title = "The first request with this key is still running"
    status = HTTPStatus.CONFLICT
    retryable = True
    user_action = "Wait a second and repeat the same request with the same key."


class Unavailable(Fault):
    code = "service.unavailable"
    title = "Quarterday can't reach its database or its queue"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    who = Who.OPERATOR
    retryable = True
    user_action = "Wait a moment and try again; nothing was changed."


class Internal(Fault):
    code = "internal"
    title = "Something went wrong here"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    who = Who.OPERATOR
    retryable = True
    user_action = "Try again; if it stays, give Quarterday's operator the request_id."


class TooManyStreams(Fault):
    code = "streams.too_many"
    title = "As many streams are open as one caller may have"
    status = HTTPStatus.TOO_MANY_REQUESTS
    retryable = True
    user_action = "Close streams that nobody reads, or ask for the operation itself from time to time."


class StreamsFull(Fault):
    code = "streams.full"
    title = "No more streams can be opened just now"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    who = Who.OPERATOR
    retryable = True
    user_action = "Come back after Retry-After; meanwhile, ask for the operation itself."
