"""The JSON API and its document."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.ExactJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.auth.CredentialAuthentication",
        "api.auth.StaffSessionAuthentication",
        "api.auth.StaffTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.auth.HasScope"],
    "DEFAULT_SCHEMA_CLASS": "schema.autoschema.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": True,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Quarterday",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Landlords connected to HMRC and quarters filed, for letting agencies.",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": True,
    "SORT_OPERATIONS": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # A page of all operations at once is too much for the page itself: with some 120 of them it stops in the middle.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none"},
    "REDOC_DIST": "SIDECAR",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    # Where several components have a field of that name, or one choice is in several components.
    "ENUM_NAME_OVERRIDES": {
        "SubmissionOutStatusEnum": "mtd.models.submission.SubmissionStatus",
        "BatchStatusEnum": "mtd.batches.BatchStatus",
        "BatchRowStatusEnum": "mtd.batches.ROW_STATUSES",
        "ImportStatusEnum": "landlords.models.imports.ImportStatus",
        "ImportRowStatusEnum": "landlords.models.imports.RowStatus",
        "CalculationTypeEnum": "mtd.models.calculation.CalculationType",
        "CalculationStatusEnum": "mtd.models.calculation.CalculationStatus",
        "MandateKindEnum": "mtd.models.mandate.MandateKind",
        "SingleDeliverEnum": "api.inputs_onboarding.SINGLE",
        "DeliverAgainEnum": "api.inputs_onboarding.AGAIN",
        "BulkDeliverEnum": "landlords.models.campaign.Deliver",
        "CampaignKindEnum": "landlords.models.campaign.CampaignKind",
        "InvitationPurposeEnum": "landlords.models.invitation.InvitationPurpose",
        "InvitationRowStatusEnum": "landlords.models.campaign.InvitationRowStatus",
        "InvitationRowCodeEnum": "api.outputs.onboarding.ROW_CODES",
        "MailKindEnum": "landlords.models.mailing.MailKind",
        "MailStatusEnum": "landlords.models.mailing.MailStatus",
        "BounceKindEnum": "landlords.stops.BOUNCES",
        "NinoClaimStatusEnum": "api.outputs.onboarding.CLAIM_STATUSES",
        "ReadinessStatusEnum": "mtd.models.readiness.ReadinessStatus",
        "FunnelPlaceEnum": "mtd.funnel.PLACE_CODES",
        "AskedStatusEnum": "api.outputs.onboarding.ASKED",
        "EndpointStatusEnum": "events.models.webhooks.EndpointStatus",
        "EndpointDisabledReasonEnum": "events.models.webhooks.DisabledReason",
        "DeliveryStatusEnum": "events.models.webhooks.DeliveryStatus",
        "DeliveryOutcomeEnum": "events.delivery.answers.OUTCOMES",
        "EventTypeEnum": "events.types.CHOSEN",
        "WriteKindEnum": "mtd.models.write.WriteKind",
        "WriteStatusEnum": "mtd.models.write.WriteStatus",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "schema.hooks.finish"],
    "AUTHENTICATION_WHITELIST": [],
}

CORS_ALLOW_CREDENTIALS = True
CORS_ALLOWED_ORIGINS: list[str] = []  # each agency has its own list: api.middleware asks it
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Location",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "X-Request-Id",
    "Idempotent-Replayed",
]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "last-event-id",
    "x-csrftoken",
    "x-password-reset-key",
    "x-request-id",
    "x-session-token",
]
CORS_PREFLIGHT_MAX_AGE = 600
