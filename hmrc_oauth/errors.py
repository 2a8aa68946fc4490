"""The faults of this room. Those of HMRC's own table are told as they are told there."""

from http import HTTPStatus

from hmrc_door.errors import told
from tenants.faults import Fault, Who


class NotConnected(Fault):
    code = "hmrc.not_connected"
    title, who, user_action = told(code)
    status = HTTPStatus.CONFLICT


class NinoUnconfirmed(NotConnected):
    """HMRC's yes is there, and staff's is not."""

    code = "nino.unconfirmed"
    title = "The landlord typed another National Insurance number, and staff have not confirmed it"
    who = Who.AGENCY
    user_action = (
        "See whether the number is the landlord's; then confirm or refuse it (connection/nino/confirm, refuse)."
    )


class NothingToConfirm(Fault):
    code = "nino.nothing_to_confirm"
    title = "No National Insurance number waits for staff's confirmation"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "See the connection: it may have been decided, or the permission may have ended meanwhile."


class ReconnectRequired(Fault):
    code = "hmrc.reconnect_required"
    title, who, user_action = told(code)
    status = HTTPStatus.CONFLICT


class NinoMismatch(Fault):
    code = "hmrc.nino_mismatch"
    title, who, user_action = told(code)
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ReturnUrlNotListed(Fault):
    code = "connect.return_url_not_listed"
    title = "The return address is not on the agency's list"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.AGENCY
    user_action = "Use an address on the agency's list (GET /agency, return_urls), or add this one to it."


class AlreadyCompleted(Fault):
    code = "connect.already_completed"
    title = "This connect session was completed before"
    status = HTTPStatus.CONFLICT
    user_action = "Read the connect session to see its outcome; begin a new one to connect again."


class OtherPrincipal(Fault):
    code = "connect.other_principal"
    title = "This connect session was begun by someone else"
    status = HTTPStatus.CONFLICT
    user_action = "Only who began a session may complete it. Begin a new one."


class NotReturned(Fault):
    code = "connect.not_returned"
    title = "HMRC has not sent the landlord back yet"
    status = HTTPStatus.CONFLICT
    user_action = "Open the authorization_url; the completion code comes with the return."


class WrongCompletionCode(Fault):
    code = "connect.wrong_completion_code"
    title = "The completion code is not this session's"
    status = HTTPStatus.CONFLICT
    user_action = "Send the completion_code from the address to which HMRC's return led."


class SessionExpired(Fault):
    code = "connect.session_expired"
    title = "The connect session has expired"
    status = HTTPStatus.GONE
    who = Who.LANDLORD
    user_action = "Begin again: HMRC's code lives ten minutes."


class NothingToCheck(Fault):
    code = "connect.nothing_to_check"
    title = "There is no authority from HMRC that could be checked"
    status = HTTPStatus.CONFLICT
    who = Who.LANDLORD
    user_action = 'Complete the "Connect to HMRC" authorisation flow.'


class NinoConfirmed(Fault):
    code = "connect.nino_confirmed"
    title = "HMRC has confirmed the National Insurance number of this connection"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "If the number on file is wrong all the same: correct the landlord's record, and connect again."


class NoTriesLeft(Fault):
    code = "connect.no_tries_left"
    title = "The National Insurance number was corrected three times already"
    status = HTTPStatus.CONFLICT
    who = Who.LANDLORD
    user_action = "Sign in at HMRC again, with the personal account of the landlord."


class FraudContextRequired(Fault):
    code = "fraud_context.required"
    title = "HMRC must be told from which device this is asked"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    user_action = "POST /fraud-contexts when the person acts, and send its id as fraud_context_id."


class FraudContextUnknown(Fault):
    code = "fraud_context.unknown"
    title = "There is no such fraud context of yours for this landlord"
    status = HTTPStatus.NOT_FOUND
    user_action = "Use the id that POST /fraud-contexts gave to the same credential, for the same landlord."


class FraudContextExpired(Fault):
    code = "fraud_context.expired"
    title = "The fraud context is more than an hour old"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    user_action = "POST /fraud-contexts again when the person acts, and send the new id."


class FraudContextIncomplete(Fault):
    code = "fraud_context.incomplete"
    title = "HMRC requires more of the device by law than was collected"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    user_action = "Mend what errors names, POST /fraud-contexts again, and send the new id."


class BothConnected(Fault):
    code = "merge.both_connected"
    title = "Both landlords are connected to HMRC"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Disconnect the one whose authority is not needed any more, and merge them then."


class ConnectUnderWay(Fault):
    code = "connect.under_way"
    title = "A code or a token of this landlord's is with HMRC just now"
    status = HTTPStatus.CONFLICT
    retryable = True
    user_action = "Wait two minutes, and ask again."


class NotInProduction(Fault):
    code = "sandbox.not_in_production"
    title = "This is for trying things out, and never done in production"
    status = HTTPStatus.FORBIDDEN
    user_action = "Use a test environment and its qd_test_ key."


class OnlyTestKeys(Fault):
    code = "sandbox.test_key_only"
    title = "Only a test key may do this"
    status = HTTPStatus.FORBIDDEN
    user_action = "Send an API key that begins with qd_test_."
