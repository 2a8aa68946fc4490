"""The faults of this room."""

from http import HTTPStatus

from tenants.faults import Fault, NotFound, Who


class ReferenceTaken(Fault):
    code = "landlord.reference_taken"
    title = "Another landlord already has this reference"
    status = HTTPStatus.CONFLICT
    user_action = "Use the landlord that is there, or another reference."


class NinoConflict(Fault):
    code = "nino.conflict"
    title = "Another landlord of this agency has this National Insurance number"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Check the number; if both records are the same person, keep one of them."


class NinoMissing(Fault):
    code = "hmrc.nino_missing"
    title = "Submission rejected by HMRC: NINO missing"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.AGENCY
    user_action = "Put the landlord's National Insurance Number on file: HMRC needs it to identify the taxpayer."


class InvitationSpent(Fault):
    code = "invitation.not_usable"
    title = "The invitation was used, was revoked or has expired"
    status = HTTPStatus.GONE
    who = Who.AGENCY
    user_action = "Ask the letting agency for a new link."


class NoFrontEnd(Fault):
    code = "agency.no_front_end"
    title = "The agency has no front-end address yet"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Set front_end_url on the agency; links in mails lead there."


class NoEmail(Fault):
    code = "landlord.no_email"
    title = "The landlord has no e-mail address"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.AGENCY
    user_action = "Give the landlord an e-mail address, or ask for the link and hand it over yourself."


class ImportBegun(Fault):
    code = "import.begun"
    title = "The import is already taking its rows in"
    status = HTTPStatus.CONFLICT
    user_action = "Wait until it is done, or cancel it; then send a corrected file, or begin with dry_run."


class ImportOver(Fault):
    code = "import.over"
    title = "The import is over, and its rows are wiped"
    status = HTTPStatus.CONFLICT
    user_action = "Send the file again as a new import: what was taken in before is found unchanged."


class ImportUnderWay(Fault):
    code = "import.under_way"
    title = "A file of landlords is being taken in just now, and may hold this one"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    retryable = True
    user_action = "Wait until the import is done, or cancel it; and ask again."


class PropertyReferenceTaken(Fault):
    code = "property.reference_taken"
    title = "Another property already has this reference"
    status = HTTPStatus.CONFLICT
    user_action = "Use the property that is there, or another reference."


class Merged(NotFound):
    """`landlord_id`, in the answer, is who has taken over."""

    code = "landlord.merged"
    title = "This landlord was a duplicate and was merged into another"
    status = HTTPStatus.GONE
    user_action = "Use the landlord named in landlord_id, who has everything that this one had."


class OtherPerson(Fault):
    code = "merge.other_person"
    title = "The two landlords have different National Insurance numbers"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "They are two people: leave them apart; or, if one of the numbers is wrong, correct it first."


class ExternalIdsDiffer(Fault):
    code = "merge.external_ids_differ"
    title = "Another system knows the two landlords by different ids"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Decide which id is right: take the other off the duplicate, under the names listed in errors."


class MailStopped(Fault):
    code = "landlord.mail_stopped"
    title = "The landlord is not mailed"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.AGENCY
    user_action = "Hand the link over yourself; or correct the address, or lift the stop once the landlord has agreed."


class NotChased(Fault):
    """Never an answer of its own: why a row of a batch is refused."""

    code = "landlord.not_chased"
    title = "Somebody else sees to this landlord's Making Tax Digital"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Nothing; or change mtd_handling, if it is you who file for this landlord."


class NothingToAsk(Fault):
    """Never an answer of its own: why a row of a batch is refused."""

    code = "invitation.not_needed"
    title = "The landlord has connected already"
    status = HTTPStatus.CONFLICT
    user_action = "Nothing."


class AskedLately(Fault):
    """Never an answer of its own: why a row of a batch is refused."""

    code = "invitation.asked_lately"
    title = "The landlord was mailed such a link a few days ago"
    status = HTTPStatus.CONFLICT
    user_action = "Nothing: reminders go by themselves. To mail this one all the same, resend the invitation."


class RowTwice(Fault):
    """Never an answer of its own: why a row of a batch is refused."""

    code = "invitation.duplicate_row"
    title = "Another row of this batch is for the same landlord"
    status = HTTPStatus.CONFLICT
    user_action = "Nothing: the landlord is invited once."


class CampaignEmpty(Fault):
    code = "campaign.empty"
    title = "No landlord would be in this campaign"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.AGENCY
    user_action = "Name landlords that you have, or widen what you select by."


class WrongCode(Fault):
    code = "sign_in.wrong_code"
    title = "The code is wrong, used or over"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.LANDLORD
    user_action = "Type the newest code that came by mail; after five tries, or ten minutes, ask for another."
