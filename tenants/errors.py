"""The faults of this room."""

from http import HTTPStatus

from tenants.faults import Fault, Who


class UnknownHost(Fault):
    code = "agency.unknown_host"
    title = "No agency answers at this host"
    status = HTTPStatus.NOT_FOUND
    user_action = "Use the agency's own host name, or send an API key."


class HostNotAllowed(Fault):
    code = "host.not_allowed"
    title = "This host name is not served here"
    user_action = "Use the address that was given for the API."


class AgencySuspended(Fault):
    code = "agency.suspended"
    title = "The agency is suspended"
    status = HTTPStatus.FORBIDDEN
    who = Who.OPERATOR
    user_action = "Ask Quarterday's operator to lift the suspension."


class AgencyLeaving(Fault):
    code = "agency.leaving"
    title = "The agency is being off-boarded: its data is being destroyed"
    status = HTTPStatus.FORBIDDEN
    who = Who.NOBODY
    user_action = "Nothing: this can't be undone. Quarterday's operator has the certificate."


class AgencyTaken(Fault):
    code = "agency.host_taken"
    title = "Another agency already uses this host"
    status = HTTPStatus.CONFLICT
    user_action = "Choose another host name."


class CredentialMalformed(Fault):
    code = "auth.credential_malformed"
    title = "The credential is not one of ours"
    status = HTTPStatus.UNAUTHORIZED
    user_action = "Send the key exactly as it was shown: a prefix, 43 characters and a checksum."


class CredentialUnknown(Fault):
    code = "auth.credential_unknown"
    title = "The credential is unknown, expired or revoked"
    status = HTTPStatus.UNAUTHORIZED
    user_action = "Use a key or token that is still valid, or make a new one."


class KeyElsewhere(Fault):
    code = "auth.wrong_environment"
    title = "The API key is for another environment"
    status = HTTPStatus.UNAUTHORIZED
    user_action = "Use qd_live_ keys in production, and qd_test_ keys everywhere else."


class WrongAgency(Fault):
    code = "auth.wrong_agency"
    title = "The credential belongs to another agency than the host"
    status = HTTPStatus.UNAUTHORIZED
    user_action = "Use the credential at its own agency's host."


class SealBroken(Fault):
    """A sealed value did not open: it was altered, moved to another place, or its key is gone."""

    code = "vault.seal_broken"
    title = "A protected value could not be opened"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    who = Who.OPERATOR
    user_action = "Quarterday's operator has been told; nothing was changed."


class KeyDenied(Fault):
    """This process is not given the key for that purpose, or its key file lacks the line that it is wrapped with."""

    code = "vault.key_denied"
    title = "This process may not use that key"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    who = Who.OPERATOR
    user_action = "Quarterday's operator has been told; nothing was changed."
