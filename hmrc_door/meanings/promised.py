"""The five symptoms of the platform's own troubleshooting table: titles and actions are in its words."""

from hmrc_door.meanings.table import Row, row, row_of
from landlords.errors import NinoMissing

PROMISED: tuple[Row, ...] = (
    row(
        "hmrc.not_connected",
        "Not authorised with HMRC",
        "landlord",
        'Complete the "Connect to HMRC" authorisation flow.',
    ),
    row_of(NinoMissing),
    row(
        "hmrc.nino_mismatch",
        "Submission rejected by HMRC: NINO mismatch",
        "landlord",
        "Verify the National Insurance Number on file matches your Government Gateway account.",
    ),
    row(
        "hmrc.reconnect_required",
        "Token expired: refresh token revoked or expired",
        "landlord",
        'Re-authorise via "Connect to HMRC".',
        "invalid_grant",
    ),
    row(
        "hmrc.unavailable",
        "HMRC service outage: authorisation page not loading, or no answer",
        "nobody",
        "Check HMRC API service availability. Nothing is lost; Quarterday tries again.",
        "SERVER_ERROR",
        "SERVICE_UNAVAILABLE",
        "GATEWAY_TIMEOUT",
        "server_error",
        retryable=True,
    ),
)
