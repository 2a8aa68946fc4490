"""The faults of staff."""

from http import HTTPStatus

from tenants.faults import Fault, Who


class EmailTaken(Fault):
    code = "staff.email_taken"
    title = "Somebody of this agency already uses this e-mail address"
    status = HTTPStatus.CONFLICT
    user_action = "Use another address, or change the role of the person who has it."


class OwnersOnly(Fault):
    code = "staff.owners_only"
    title = "Only an owner may make or change an owner"
    status = HTTPStatus.FORBIDDEN
    who = Who.AGENCY
    user_action = "Ask an owner of the agency to do this."


class LastOwner(Fault):
    code = "staff.last_owner"
    title = "The agency would be left without an owner"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Make somebody else an owner first."


class PasswordIsPersonal(Fault):
    code = "staff.password_is_personal"
    title = "A password is chosen by the person it belongs to"
    status = HTTPStatus.FORBIDDEN
    user_action = "Invite the person, or let them ask for a new password: the mailed link lets them choose one."


class TooOften(Fault):
    code = "request.too_often"
    title = "This was asked for too often"
    status = HTTPStatus.TOO_MANY_REQUESTS
    retryable = True
    user_action = "Wait as long as Retry-After says: each is a call to HMRC, whose limit all agencies share."


class SlowDown(Fault):
    code = "request.slow_down"
    title = "This was tried too often"
    status = HTTPStatus.TOO_MANY_REQUESTS
    retryable = True
    user_action = "Wait as long as Retry-After says, and try again."


class ScopeNotYours(Fault):
    code = "api_key.scope_not_yours"
    title = "Nobody gives more than they may do themselves"
    status = HTTPStatus.FORBIDDEN
    who = Who.AGENCY
    user_action = "Ask for less, or let someone do it who has these scopes."
