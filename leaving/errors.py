"""The faults of this room."""

from http import HTTPStatus

from tenants.faults import Fault, Who


class ExportNotReady(Fault):
    code = "export.not_ready"
    title = "The file is still being made"
    status = HTTPStatus.CONFLICT
    retryable = True
    user_action = "Follow the operation of the same id, and fetch the file once it has succeeded."


class ExportOver(Fault):
    code = "export.over"
    title = "The file was destroyed: its time was over, or somebody in it was erased"
    status = HTTPStatus.GONE
    user_action = "Ask for a new export."


class NotConfirmed(Fault):
    code = "request.not_confirmed"
    title = "What was typed is not the name of what would be destroyed"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    user_action = "Send confirm: a landlord's reference, or an agency's name, letter by letter."


class AlreadyLeaving(Fault):
    code = "agency.already_leaving"
    title = "The agency's off-boarding has begun, or is planned already"
    status = HTTPStatus.CONFLICT
    who = Who.OPERATOR
    user_action = "See how far it is; call it off first if it is to be planned anew."


class TooLateToStay(Fault):
    code = "agency.too_late_to_stay"
    title = "The off-boarding has begun: what is destroyed can't be brought back"
    status = HTTPStatus.CONFLICT
    who = Who.OPERATOR
    user_action = "Let it end. The certificate says what was destroyed."
