"""The faults of webhooks."""

from http import HTTPStatus

from tenants.faults import Fault, Who


class EndpointDisabled(Fault):
    code = "webhook.disabled"
    title = "Nothing is sent to this endpoint while it is disabled"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Set its status to active first."


class TooManyEndpoints(Fault):
    code = "webhook.too_many"
    title = "The agency has as many endpoints as it may have"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Delete one that is not needed any more."


class AlreadyDelivered(Fault):
    code = "webhook.already_delivered"
    title = "The event was delivered"
    status = HTTPStatus.CONFLICT
    user_action = "Use the endpoint's replay, if it is to be sent once more."
