"""Generated: the shapes of bodies, and the error codes."""

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

AfterDisconnectEnum: TypeAlias = "Literal['cancel', 'park']"
AgencyInRequest = TypedDict(
    "AgencyInRequest",
    {
        "name": "str",
        "host": "str",
        "owner": "str",
        "front_end_url": NotRequired["str"],
    },
)
AgencyOut = TypedDict(
    "AgencyOut",
    {
        "id": "str",
        "name": "str",
        "status": "str",
        "hosts": "list[str]",
        "allowed_origins": "list[str]",
        "return_urls": "list[str]",
        "front_end_url": "str",
        "mail_name": "str",
        "mail_reply_to": "str",
        "reconnect_mail": "ReconnectMailEnum",
        "created_at": "str",
    },
)
AgencyPage = TypedDict(
    "AgencyPage",
    {
        "results": "list[AgencyOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
AgencyResumedEvent = TypedDict(
    "AgencyResumedEvent",
    {
        "type": "Literal['agency.resumed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
AgencyStatusEnum: TypeAlias = "Literal['active', 'leaving', 'suspended']"
AgencySuspendedEvent = TypedDict(
    "AgencySuspendedEvent",
    {
        "type": "Literal['agency.suspended']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
AgreementRequest = TypedDict(
    "AgreementRequest",
    {
        "accepted": "bool",
        "text_version": NotRequired["str"],
        "name": NotRequired["str"],
        "at": NotRequired["str"],
    },
)
AnnualSubmissionAcceptedEvent = TypedDict(
    "AnnualSubmissionAcceptedEvent",
    {
        "type": "Literal['annual_submission.accepted']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
AnnualSubmissionCancelledEvent = TypedDict(
    "AnnualSubmissionCancelledEvent",
    {
        "type": "Literal['annual_submission.cancelled']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
AnnualSubmissionInRequest = TypedDict(
    "AnnualSubmissionInRequest",
    {
        "fraud_context_id": NotRequired["str | None"],
        "adjustments": NotRequired["UkPropertyAdjustmentsRequest"],
        "allowances": NotRequired["UkPropertyAllowancesRequest"],
    },
)
AnnualSubmissionOut = TypedDict(
    "AnnualSubmissionOut",
    {
        "fetched_at": "str",
        "stale": "bool",
        "change": "WriteOut | None",
        "held": "Any",
    },
)
AnnualSubmissionQueuedEvent = TypedDict(
    "AnnualSubmissionQueuedEvent",
    {
        "type": "Literal['annual_submission.queued']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
AnnualSubmissionRejectedEvent = TypedDict(
    "AnnualSubmissionRejectedEvent",
    {
        "type": "Literal['annual_submission.rejected']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
AnnualSubmissionSupersededEvent = TypedDict(
    "AnnualSubmissionSupersededEvent",
    {
        "type": "Literal['annual_submission.superseded']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
AnnualSubmissionUnconfirmedEvent = TypedDict(
    "AnnualSubmissionUnconfirmedEvent",
    {
        "type": "Literal['annual_submission.unconfirmed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
AnnualSubmissionUnknownEvent = TypedDict(
    "AnnualSubmissionUnknownEvent",
    {
        "type": "Literal['annual_submission.unknown']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
AnnualSubmissionWaitingForConnectionEvent = TypedDict(
    "AnnualSubmissionWaitingForConnectionEvent",
    {
        "type": "Literal['annual_submission.waiting_for_connection']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ApiKeyInRequest = TypedDict(
    "ApiKeyInRequest",
    {
        "name": "str",
        "scopes": "list[ScopeEnum]",
        "expires_at": NotRequired["str | None"],
    },
)
ApiKeyOut = TypedDict(
    "ApiKeyOut",
    {
        "id": NotRequired["str"],
        "name": "str",
        "prefix": "str",
        "scopes": "list[str]",
        "created_at": "str",
        "expires_at": NotRequired["str | None"],
        "last_used_at": NotRequired["str | None"],
        "revoked_at": NotRequired["str | None"],
    },
)
ApiKeyPage = TypedDict(
    "ApiKeyPage",
    {
        "results": "list[ApiKeyOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
ApplicationInRequest = TypedDict(
    "ApplicationInRequest",
    {
        "name": "str",
        "version": "str",
    },
)
ApprovalDeliverEnum: TypeAlias = "Literal['link', 'mail']"
ApprovalInRequest = TypedDict(
    "ApprovalInRequest",
    {
        "fraud_context_id": NotRequired["str | None"],
        "digest": "str",
    },
)
ApprovalLinkInRequest = TypedDict(
    "ApprovalLinkInRequest",
    {
        "deliver": NotRequired["Any"],
    },
)
ApprovalOut = TypedDict(
    "ApprovalOut",
    {
        "landlord_id": "str",
        "digest": "str",
        "at": "str",
    },
)
AskedOut = TypedDict(
    "AskedOut",
    {
        "status": "AskedStatusEnum",
    },
)
AskedStatusEnum: TypeAlias = "Literal['asked']"
AttemptOut = TypedDict(
    "AttemptOut",
    {
        "at": "str",
        "outcome": "DeliveryOutcomeEnum",
        "response_code": "int | None",
        "latency_ms": "int",
    },
)
AuditEventOut = TypedDict(
    "AuditEventOut",
    {
        "id": "str",
        "at": "str",
        "actor_kind": "str",
        "actor_id": "str",
        "action": "str",
        "subject_type": "str",
        "subject_id": "str",
        "detail": "dict[str, Any]",
        "request_id": "str",
        "sequence": "int | None",
    },
)
AuditEventPage = TypedDict(
    "AuditEventPage",
    {
        "results": "list[AuditEventOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
AuthAccessToken: TypeAlias = "str"
AuthAccountConfiguration = TypedDict(
    "AuthAccountConfiguration",
    {
        "login_methods": NotRequired["list[AuthAccountConfigurationLoginMethodsEnum]"],
        "is_open_for_signup": "bool",
        "email_verification_by_code_enabled": "bool",
        "login_by_code_enabled": "bool",
        "password_reset_by_code_enabled": NotRequired["bool"],
    },
)
AuthAccountConfigurationLoginMethodsEnum: TypeAlias = "Literal['email', 'username']"
AuthAuthenticated = TypedDict(
    "AuthAuthenticated",
    {
        "user": "AuthUser",
        "methods": "list[AuthAuthenticationMethod]",
    },
)
AuthAuthenticatedMeta: TypeAlias = "Any"
AuthAuthenticatedResponse = TypedDict(
    "AuthAuthenticatedResponse",
    {
        "status": "AuthStatusOK",
        "data": "AuthAuthenticated",
        "meta": "AuthAuthenticationMeta",
    },
)
AuthAuthenticationMeta: TypeAlias = "Any"
AuthAuthenticationMethod: TypeAlias = "dict[str, Any]"
AuthAuthenticationResponse = TypedDict(
    "AuthAuthenticationResponse",
    {
        "status": "Literal[401]",
        "data": "dict[str, Any]",
        "meta": "AuthAuthenticationMeta",
    },
)
AuthAuthenticatorCode: TypeAlias = "str"
AuthAuthenticatorID: TypeAlias = "int"
AuthAuthenticatorList: TypeAlias = "list[AuthTOTPAuthenticator | AuthRecoveryCodesAuthenticator | AuthWebAuthnAuthenticator]"
AuthAuthenticatorType: TypeAlias = "Literal['recovery_codes', 'totp', 'webauthn']"
AuthBaseAuthenticationMeta = TypedDict(
    "AuthBaseAuthenticationMeta",
    {
        "session_token": NotRequired["str"],
        "access_token": NotRequired["str"],
    },
)
AuthBaseAuthenticator = TypedDict(
    "AuthBaseAuthenticator",
    {
        "last_used_at": "AuthOptionalTimestamp",
        "created_at": "AuthTimestamp",
    },
)
AuthBaseSignup = TypedDict(
    "AuthBaseSignup",
    {
        "email": NotRequired["AuthEmail"],
        "phone": NotRequired["AuthPhone"],
        "username": NotRequired["AuthUsername"],
    },
)
AuthClientEnum: TypeAlias = "Literal['app', 'browser']"
AuthCode: TypeAlias = "str"
AuthConfigurationResponse = TypedDict(
    "AuthConfigurationResponse",
    {
        "data": "dict[str, Any]",
        "status": "AuthStatusOK",
    },
)
AuthConfirmLoginCode = TypedDict(
    "AuthConfirmLoginCode",
    {
        "code": "AuthCode",
    },
)
AuthConflictResponse = TypedDict(
    "AuthConflictResponse",
    {
        "status": "Literal[409]",
    },
)
AuthEmail: TypeAlias = "str"
AuthEmailAddress = TypedDict(
    "AuthEmailAddress",
    {
        "email": "AuthEmail",
        "primary": "bool",
        "verified": "bool",
    },
)
AuthEmailVerificationInfo = TypedDict(
    "AuthEmailVerificationInfo",
    {
        "status": "AuthStatusOK",
        "data": "dict[str, Any]",
        "meta": "dict[str, Any]",
    },
)
AuthErrorResponse = TypedDict(
    "AuthErrorResponse",
    {
        "status": NotRequired["Literal[400]"],
        "errors": NotRequired["list[dict[str, Any]]"],
    },
)
AuthFlow = TypedDict(
    "AuthFlow",
    {
        "id": "AuthFlowIdEnum",
        "provider": NotRequired["AuthProvider"],
        "is_pending": NotRequired["Literal[True]"],
        "types": NotRequired["list[AuthAuthenticatorType]"],
    },
)
AuthFlowIdEnum: TypeAlias = "Literal['login', 'login_by_code', 'mfa_authenticate', 'mfa_login_webauthn', 'mfa_reauthenticate', 'provider_redirect', 'provider_signup', 'provider_token', 'reauthenticate', 'signup', 'verify_email', 'verify_phone']"
AuthForbiddenResponse = TypedDict(
    "AuthForbiddenResponse",
    {
        "status": "Literal[403]",
    },
)
AuthLogin: TypeAlias = "Any"
AuthMFAAuthenticate = TypedDict(
    "AuthMFAAuthenticate",
    {
        "code": "AuthAuthenticatorCode",
    },
)
AuthMFAConfiguration = TypedDict(
    "AuthMFAConfiguration",
    {
        "supported_types": "list[AuthAuthenticatorType]",
    },
)
AuthOptionalTimestamp: TypeAlias = "float | None"
AuthPassword: TypeAlias = "str"
AuthPhone: TypeAlias = "str"
AuthPhoneNumber = TypedDict(
    "AuthPhoneNumber",
    {
        "phone": "str",
        "verified": "bool",
    },
)
AuthPhoneNumberChangeResponse = TypedDict(
    "AuthPhoneNumberChangeResponse",
    {
        "status": "AuthStatusAccepted",
        "data": "list[AuthPhoneNumber]",
    },
)
AuthPhoneNumbersResponse = TypedDict(
    "AuthPhoneNumbersResponse",
    {
        "status": "AuthStatusOK",
        "data": "list[AuthPhoneNumber]",
    },
)
AuthProvider = TypedDict(
    "AuthProvider",
    {
        "id": "str",
        "name": "str",
        "client_id": NotRequired["str"],
        "openid_configuration_url": NotRequired["str"],
        "flows": "list[AuthProviderFlowsEnum]",
    },
)
AuthProviderAccountID: TypeAlias = "str"
AuthProviderFlowsEnum: TypeAlias = "Literal['provider_redirect', 'provider_token']"
AuthProviderID: TypeAlias = "str"
AuthProviderList: TypeAlias = "list[AuthProvider]"
AuthReauthenticate = TypedDict(
    "AuthReauthenticate",
    {
        "password": "AuthPassword",
    },
)
AuthReauthenticationRequired = TypedDict(
    "AuthReauthenticationRequired",
    {
        "flows": "list[AuthFlow]",
        "user": "AuthUser",
        "methods": "list[AuthAuthenticationMethod]",
    },
)
AuthReauthenticationResponse = TypedDict(
    "AuthReauthenticationResponse",
    {
        "status": "Literal[401]",
        "data": "AuthReauthenticationRequired",
        "meta": "AuthAuthenticatedMeta",
    },
)
AuthRecoveryCodesAuthenticator: TypeAlias = "Any"
AuthRefreshToken: TypeAlias = "str"
AuthRequestPassword = TypedDict(
    "AuthRequestPassword",
    {
        "email": "AuthEmail",
    },
)
AuthResetPassword = TypedDict(
    "AuthResetPassword",
    {
        "key": "str",
        "password": "AuthPassword",
    },
)
AuthSensitiveRecoveryCodesAuthenticator: TypeAlias = "Any"
AuthSessionGoneResponse = TypedDict(
    "AuthSessionGoneResponse",
    {
        "status": "Literal[410]",
        "data": "dict[str, Any]",
        "meta": "AuthAuthenticationMeta",
    },
)
AuthSignup: TypeAlias = "Any"
AuthSocialAccountConfiguration = TypedDict(
    "AuthSocialAccountConfiguration",
    {
        "providers": "AuthProviderList",
    },
)
AuthStatusAccepted: TypeAlias = "Literal[202]"
AuthStatusOK: TypeAlias = "Literal[200]"
AuthTOTPAuthenticator: TypeAlias = "Any"
AuthTimestamp: TypeAlias = "float"
AuthUser = TypedDict(
    "AuthUser",
    {
        "id": NotRequired["str"],
        "display": "str",
        "email": NotRequired["str"],
        "has_usable_password": "bool",
    },
)
AuthUserSessionsConfiguration = TypedDict(
    "AuthUserSessionsConfiguration",
    {
        "track_activity": "bool",
    },
)
AuthUsername: TypeAlias = "str"
AuthVerifyEmail = TypedDict(
    "AuthVerifyEmail",
    {
        "key": "str",
    },
)
AuthVerifyPhone = TypedDict(
    "AuthVerifyPhone",
    {
        "code": "str",
    },
)
AuthWebAuthnAssertion = TypedDict(
    "AuthWebAuthnAssertion",
    {
        "id": "str",
        "rawId": "str",
        "type": "Literal['public-key']",
        "response": "dict[str, Any]",
        "authenticatorAttachment": NotRequired["str | None"],
        "clientExtensionResults": NotRequired["dict[str, Any]"],
    },
)
AuthWebAuthnAuthenticator: TypeAlias = "Any"
AuthWebAuthnCreation = TypedDict(
    "AuthWebAuthnCreation",
    {
        "rp": "dict[str, Any]",
        "user": "dict[str, Any]",
        "challenge": "str",
        "pubKeyCredParams": "list[dict[str, Any]]",
        "excludeCredentials": "list[AuthWebAuthnDescriptor]",
        "authenticatorSelection": "AuthWebAuthnSelection",
        "extensions": "dict[str, Any]",
    },
)
AuthWebAuthnCredentialCreationOptions = TypedDict(
    "AuthWebAuthnCredentialCreationOptions",
    {
        "creation_options": "dict[str, Any]",
    },
)
AuthWebAuthnCredentialRequestOptions = TypedDict(
    "AuthWebAuthnCredentialRequestOptions",
    {
        "request_options": "dict[str, Any]",
    },
)
AuthWebAuthnDescriptor = TypedDict(
    "AuthWebAuthnDescriptor",
    {
        "type": "Literal['public-key']",
        "id": "str",
    },
)
AuthWebAuthnRegistration = TypedDict(
    "AuthWebAuthnRegistration",
    {
        "id": "str",
        "rawId": "str",
        "type": "Literal['public-key']",
        "response": "dict[str, Any]",
        "authenticatorAttachment": NotRequired["str | None"],
        "clientExtensionResults": NotRequired["dict[str, Any]"],
    },
)
AuthWebAuthnRequest = TypedDict(
    "AuthWebAuthnRequest",
    {
        "challenge": "str",
        "rpId": "str",
        "allowCredentials": "list[AuthWebAuthnDescriptor]",
        "userVerification": "Literal['required']",
    },
)
AuthWebAuthnSelection = TypedDict(
    "AuthWebAuthnSelection",
    {
        "residentKey": "AuthWebAuthnSelectionResidentkeyEnum",
        "requireResidentKey": "bool",
        "userVerification": "Literal['required']",
    },
)
AuthWebAuthnSelectionResidentkeyEnum: TypeAlias = "Literal['discouraged', 'required']"
AuthorizeInRequest = TypedDict(
    "AuthorizeInRequest",
    {
        "fraud_context_id": NotRequired["str | None"],
        "nino": NotRequired["str | None"],
        "return_url": NotRequired["str"],
    },
)
BatchFormatEnum: TypeAlias = "Literal['json', 'csv']"
BatchInFullOut = TypedDict(
    "BatchInFullOut",
    {
        "id": "str",
        "status": "BatchStatusEnum",
        "format": "BatchFormatEnum",
        "rows": "int",
        "taken": "int",
        "accepted": "int",
        "refused": "int",
        "counts": "dict[str, Any]",
        "under_way": "int",
        "progress": "float",
        "operation": "str",
        "created_at": "str",
        "paused_at": "str | None",
        "pause_reason": "str",
        "cancelled_at": "str | None",
        "estimated_done_at": "str | None",
    },
)
BatchInRequest = TypedDict(
    "BatchInRequest",
    {
        "fraud_context_id": NotRequired["str | None"],
        "tax_year": NotRequired["str"],
        "period_start": NotRequired["str"],
        "period_end": NotRequired["str"],
        "declaration": "DeclarationRequest",
        "submissions": "list[BatchRowInRequest]",
    },
)
BatchOut = TypedDict(
    "BatchOut",
    {
        "id": "str",
        "status": "BatchStatusEnum",
        "format": "BatchFormatEnum",
        "rows": "int",
        "taken": "int",
        "accepted": "int",
        "refused": "int",
        "counts": "dict[str, Any]",
        "under_way": "int",
        "progress": "float",
        "operation": "str",
        "created_at": "str",
        "paused_at": "str | None",
        "pause_reason": "str",
        "cancelled_at": "str | None",
    },
)
BatchPage = TypedDict(
    "BatchPage",
    {
        "results": "list[BatchOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
BatchRowInRequest = TypedDict(
    "BatchRowInRequest",
    {
        "landlord_id": NotRequired["str"],
        "business_id": "str",
        "tax_year": NotRequired["str"],
        "period_start": NotRequired["str"],
        "period_end": NotRequired["str"],
        "figures": "UkPropertyFiguresRequest",
        "mandate": NotRequired["MandateRequest | None"],
        "replaces": NotRequired["str | None"],
        "reference": NotRequired["str"],
    },
)
BatchRowOut = TypedDict(
    "BatchRowOut",
    {
        "row": "int",
        "status": "Any",
        "submission_id": "str | None",
        "landlord_id": NotRequired["str | None"],
        "business_id": NotRequired["str | None"],
        "reason_code": NotRequired["str"],
        "errors": "list[RowFaultOut]",
    },
)
BatchRowPage = TypedDict(
    "BatchRowPage",
    {
        "results": "list[BatchRowOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
BatchRowStatusEnum: TypeAlias = "Literal['refused', 'paused', 'queued', 'sending', 'unknown', 'waiting_for_connection', 'waiting_for_approval', 'accepted', 'rejected', 'superseded', 'cancelled', 'stopped']"
BatchStatusEnum: TypeAlias = "Literal['accepting', 'sending', 'paused', 'cancelled', 'done']"
BegunOut = TypedDict(
    "BegunOut",
    {
        "connect_session": "str",
        "authorization_url": "str",
        "expires_at": "str",
    },
)
BlankEnum: TypeAlias = "Literal['']"
BounceInRequest = TypedDict(
    "BounceInRequest",
    {
        "email": "str",
        "kind": NotRequired["Any"],
    },
)
BounceKindEnum: TypeAlias = "Literal['hard', 'soft', 'complaint']"
BounceOut = TypedDict(
    "BounceOut",
    {
        "landlords": "int",
    },
)
BulkDeliverEnum: TypeAlias = "Literal['mail', 'link']"
BulkInRequest = TypedDict(
    "BulkInRequest",
    {
        "rows": "list[BulkRowInRequest]",
        "deliver": NotRequired["Any"],
        "purpose": NotRequired["Any"],
    },
)
BulkRowInRequest = TypedDict(
    "BulkRowInRequest",
    {
        "landlord_id": NotRequired["str"],
        "reference": NotRequired["str"],
    },
)
BusinessOut = TypedDict(
    "BusinessOut",
    {
        "business_id": "str",
        "type_of_business": "str",
        "trading_name": "str",
        "commencement_date": "str | None",
        "cessation_date": "str | None",
        "quarterly_type": "str",
        "quarterly_type_since": "str",
    },
)
Businesses = TypedDict(
    "Businesses",
    {
        "fetched_at": "str",
        "stale": "bool",
        "results": "list[BusinessOut]",
    },
)
CalculationFailedEvent = TypedDict(
    "CalculationFailedEvent",
    {
        "type": "Literal['calculation.failed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
CalculationInFullOut = TypedDict(
    "CalculationInFullOut",
    {
        "id": NotRequired["str"],
        "landlord_id": "str",
        "tax_year": "str",
        "type": "CalculationTypeEnum",
        "status": "CalculationStatusEnum",
        "estimate": "bool",
        "has_errors": NotRequired["bool"],
        "calculation_id": NotRequired["str"],
        "reason_code": NotRequired["str"],
        "user_action": "str",
        "correlation_id": NotRequired["str"],
        "operation": "str",
        "queue_position": "int | None",
        "estimated_start_at": "str | None",
        "created_at": "str",
        "triggered_at": NotRequired["str | None"],
        "settled_at": NotRequired["str | None"],
        "declared_at": NotRequired["str | None"],
        "digest": "str",
        "disclaimer": "HmrcWordingOut | None",
        "summary": "dict[str, Any]",
        "messages": "dict[str, Any]",
        "calculation": "dict[str, Any]",
    },
)
CalculationInRequest = TypedDict(
    "CalculationInRequest",
    {
        "fraud_context_id": NotRequired["str | None"],
        "landlord_id": "str",
        "tax_year": "str",
        "type": "CalculationTypeEnum",
    },
)
CalculationOut = TypedDict(
    "CalculationOut",
    {
        "id": NotRequired["str"],
        "landlord_id": "str",
        "tax_year": "str",
        "type": "CalculationTypeEnum",
        "status": "CalculationStatusEnum",
        "estimate": "bool",
        "has_errors": NotRequired["bool"],
        "calculation_id": NotRequired["str"],
        "reason_code": NotRequired["str"],
        "user_action": "str",
        "correlation_id": NotRequired["str"],
        "operation": "str",
        "queue_position": "int | None",
        "estimated_start_at": "str | None",
        "created_at": "str",
        "triggered_at": NotRequired["str | None"],
        "settled_at": NotRequired["str | None"],
        "declared_at": NotRequired["str | None"],
    },
)
CalculationPage = TypedDict(
    "CalculationPage",
    {
        "results": "list[CalculationOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
CalculationReadyEvent = TypedDict(
    "CalculationReadyEvent",
    {
        "type": "Literal['calculation.ready']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
CalculationStatusEnum: TypeAlias = "Literal['queued', 'calculating', 'ready', 'failed']"
CalculationTypeEnum: TypeAlias = "Literal['in-year', 'intent-to-finalise', 'intent-to-amend']"
CallOut = TypedDict(
    "CallOut",
    {
        "what": "CallStepEnum",
        "begun_at": "str",
        "ended_at": NotRequired["str | None"],
        "outcome": "CallOutcomeEnum | BlankEnum",
        "reason": NotRequired["str"],
        "hmrc_status": NotRequired["int | None"],
        "hmrc_code": NotRequired["str"],
        "correlation_id": NotRequired["str"],
        "held_digest": "str | None",
    },
)
CallOutcomeEnum: TypeAlias = "Literal['answered', 'refused', 'not_sent', 'unknown']"
CallStepEnum: TypeAlias = "Literal['read', 'put', 'read_back']"
CampaignInFullOut = TypedDict(
    "CampaignInFullOut",
    {
        "id": NotRequired["str"],
        "name": "str",
        "kind": "CampaignKindEnum",
        "created_at": "str",
        "steps": "list[FunnelStepOut]",
        "batches": "list[str]",
    },
)
CampaignInRequest = TypedDict(
    "CampaignInRequest",
    {
        "name": "str",
        "kind": "CampaignKindEnum",
        "landlord_ids": NotRequired["list[str]"],
        "tag": NotRequired["str"],
        "within_days": NotRequired["int"],
        "deliver": NotRequired["Any"],
    },
)
CampaignKindEnum: TypeAlias = "Literal['connect', 'reconnect']"
CampaignOut = TypedDict(
    "CampaignOut",
    {
        "id": NotRequired["str"],
        "name": "str",
        "kind": "CampaignKindEnum",
        "created_at": "str",
    },
)
CampaignPage = TypedDict(
    "CampaignPage",
    {
        "results": "list[CampaignOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
CellFaultOut = TypedDict(
    "CellFaultOut",
    {
        "field": "str",
        "code": "str",
        "detail": "str",
        "column": "str | None",
        "cell": "str | None",
    },
)
ChannelEnum: TypeAlias = "Literal['link', 'portal', 'paper', 'email', 'phone', 'in_person', 'api']"
CheckInRequest = TypedDict(
    "CheckInRequest",
    {
        "fraud_context_id": NotRequired["str | None"],
        "nino": NotRequired["str | None"],
    },
)
ClientInRequest = TypedDict(
    "ClientInRequest",
    {
        "public_ip": NotRequired["str"],
        "public_port": NotRequired["int"],
        "public_ip_timestamp": NotRequired["str"],
    },
)
CodeInRequest = TypedDict(
    "CodeInRequest",
    {
        "connect_session": "str",
        "code": "str",
    },
)
CodeRequestInRequest = TypedDict(
    "CodeRequestInRequest",
    {
        "connect_session": "str",
    },
)
ColumnOut = TypedDict(
    "ColumnOut",
    {
        "name": "str",
        "field": "str | None",
    },
)
CompleteInRequest = TypedDict(
    "CompleteInRequest",
    {
        "completion_code": "str",
    },
)
ConfigOut = TypedDict(
    "ConfigOut",
    {
        "environment": "EnvironmentEnum",
        "api_version": "str",
        "public_url": "str",
        "now": "str",
        "agency": "dict[str, Any] | None",
        "operator": "OperatorOut",
        "limits": "LimitsOut",
    },
)
ConnectSessionOut = TypedDict(
    "ConnectSessionOut",
    {
        "id": NotRequired["str"],
        "landlord_id": "str",
        "status": "ConnectSessionStatusEnum",
        "reason_code": NotRequired["str"],
        "possible_causes": "list[str]",
        "user_action": "str",
        "created_at": "str",
        "expires_at": "str",
        "settled_at": NotRequired["str | None"],
        "queue_position": "int | None",
        "estimated_start_at": "str | None",
        "hmrc": "HmrcHealthOut | None",
    },
)
ConnectSessionStatusEnum: TypeAlias = "Literal['created', 'waiting_at_hmrc', 'returned', 'exchanging', 'connected', 'denied', 'expired', 'failed']"
ConnectionAgencyMustTellEvent = TypedDict(
    "ConnectionAgencyMustTellEvent",
    {
        "type": "Literal['connection.agency_must_tell']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionConnectedEvent = TypedDict(
    "ConnectionConnectedEvent",
    {
        "type": "Literal['connection.connected']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionDeniedEvent = TypedDict(
    "ConnectionDeniedEvent",
    {
        "type": "Literal['connection.denied']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionDisconnectedEvent = TypedDict(
    "ConnectionDisconnectedEvent",
    {
        "type": "Literal['connection.disconnected']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionEventTypeEnum: TypeAlias = "Literal['connection.connected', 'connection.uncertain', 'connection.reconnect_required', 'connection.recovered', 'connection.expiring', 'connection.disconnected']"
ConnectionExpiringEvent = TypedDict(
    "ConnectionExpiringEvent",
    {
        "type": "Literal['connection.expiring']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionFailedEvent = TypedDict(
    "ConnectionFailedEvent",
    {
        "type": "Literal['connection.failed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionLandlordToldEvent = TypedDict(
    "ConnectionLandlordToldEvent",
    {
        "type": "Literal['connection.landlord_told']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionMethodEnum: TypeAlias = "Literal['WEB_APP_VIA_SERVER', 'OTHER_VIA_SERVER']"
ConnectionNinoConfirmedEvent = TypedDict(
    "ConnectionNinoConfirmedEvent",
    {
        "type": "Literal['connection.nino_confirmed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionNinoRefusedEvent = TypedDict(
    "ConnectionNinoRefusedEvent",
    {
        "type": "Literal['connection.nino_refused']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionNinoUnconfirmedEvent = TypedDict(
    "ConnectionNinoUnconfirmedEvent",
    {
        "type": "Literal['connection.nino_unconfirmed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionNotAuthorisedEvent = TypedDict(
    "ConnectionNotAuthorisedEvent",
    {
        "type": "Literal['connection.not_authorised']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionOut = TypedDict(
    "ConnectionOut",
    {
        "id": NotRequired["str"],
        "landlord_id": "str",
        "state": "ConnectionStateEnum",
        "reason_code": NotRequired["str"],
        "possible_causes": "list[str]",
        "user_action": "str",
        "connect_url": "str | None",
        "connected_at": NotRequired["str | None"],
        "access_expires_at": NotRequired["str | None"],
        "grant_expires_at": NotRequired["str | None"],
        "last_used_at": NotRequired["str | None"],
        "generation": NotRequired["int"],
        "readiness": "ReadinessOut | None",
    },
)
ConnectionPage = TypedDict(
    "ConnectionPage",
    {
        "results": "list[ConnectionOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
ConnectionReconnectRequiredEvent = TypedDict(
    "ConnectionReconnectRequiredEvent",
    {
        "type": "Literal['connection.reconnect_required']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionRecoveredEvent = TypedDict(
    "ConnectionRecoveredEvent",
    {
        "type": "Literal['connection.recovered']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ConnectionStateEnum: TypeAlias = "Literal['not_connected', 'connecting', 'active', 'refreshing', 'uncertain', 'not_authorised', 'reconnect_required', 'disconnected']"
ConnectionUncertainEvent = TypedDict(
    "ConnectionUncertainEvent",
    {
        "type": "Literal['connection.uncertain']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
DeadlineCauseEnum: TypeAlias = "Literal['accepted', 'queued', 'in_doubt', 'waiting_for_connection', 'waiting_for_approval', 'stopped', 'rejected', 'nino_missing', 'not_connected', 'reconnect_required', 'figures_missing', 'declaration_missing']"
DeadlineLandlordOut = TypedDict(
    "DeadlineLandlordOut",
    {
        "id": "str",
        "reference": "str",
        "full_name": "str",
    },
)
DeadlineOut = TypedDict(
    "DeadlineOut",
    {
        "id": NotRequired["str"],
        "landlord": "DeadlineLandlordOut",
        "business_id": "str",
        "final_declaration_of": "str",
        "period_start": "str",
        "period_end": "str",
        "due_date": "str",
        "due_at": "str",
        "late": "bool",
        "risk": "Any",
        "waiting_on": "Any",
        "cause": "DeadlineCauseEnum",
        "action": "str",
        "submission_id": "str | None",
        "submission_status": "SubmissionStatusEnum | None",
        "reason_code": "str",
        "estimated_start_at": "str | None",
        "fits": "bool | None",
    },
)
DeadlinePage = TypedDict(
    "DeadlinePage",
    {
        "results": "list[DeadlineOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
DeadlineSummaryOut = TypedDict(
    "DeadlineSummaryOut",
    {
        "results": "list[DueDayOut]",
    },
)
DeclarationRequest = TypedDict(
    "DeclarationRequest",
    {
        "accepted": "bool",
        "text_version": NotRequired["str"],
        "name": NotRequired["str"],
        "at": NotRequired["str"],
        "covers_whole_business": "bool",
        "channel": NotRequired["ChannelEnum"],
    },
)
DeclineInRequest = TypedDict(
    "DeclineInRequest",
    {
        "reason": NotRequired["str"],
    },
)
DeliverAgainEnum: TypeAlias = "Literal['link', 'mail', 'letter']"
DeliveryOut = TypedDict(
    "DeliveryOut",
    {
        "id": "str",
        "endpoint_id": "str",
        "event_id": "str",
        "type": "str",
        "subject_id": "str",
        "status": "DeliveryStatusEnum",
        "attempts": "list[AttemptOut]",
        "next_attempt_at": "str | None",
        "created_at": "str",
        "settled_at": "str | None",
    },
)
DeliveryOutcomeEnum: TypeAlias = "Literal['delivered', 'http_status', 'redirect', 'gone', 'timeout', 'name_not_found', 'address_not_allowed', 'not_reached', 'tls_failed', 'broken_off']"
DeliveryPage = TypedDict(
    "DeliveryPage",
    {
        "results": "list[DeliveryOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
DeliveryStatusEnum: TypeAlias = "Literal['pending', 'delivered', 'failed', 'cancelled']"
DeprecationOut = TypedDict(
    "DeprecationOut",
    {
        "api": "str",
        "version": "str",
        "since": "str | None",
        "sunset": "str | None",
    },
)
DeviceInRequest = TypedDict(
    "DeviceInRequest",
    {
        "os_family": "str",
        "os_version": "str",
        "manufacturer": NotRequired["str"],
        "model": NotRequired["str"],
    },
)
DueDayOut = TypedDict(
    "DueDayOut",
    {
        "due_date": "str",
        "waiting_on": "WaitingOnEnum",
        "count": "int",
        "risks": "dict[str, Any]",
    },
)
EndpointDisabledReasonEnum: TypeAlias = "Literal['asked', 'failing', 'gone']"
EndpointInRequest = TypedDict(
    "EndpointInRequest",
    {
        "url": "str",
        "description": NotRequired["str"],
        "event_types": NotRequired["list[EventTypeEnum]"],
    },
)
EndpointOut = TypedDict(
    "EndpointOut",
    {
        "id": NotRequired["str"],
        "url": "str",
        "description": NotRequired["str"],
        "event_types": "list[str]",
        "status": "EndpointStatusEnum",
        "disabled_reason": "EndpointDisabledReasonEnum | BlankEnum",
        "disabled_at": NotRequired["str | None"],
        "old_secret_until": "str | None",
        "failing_since": "str | None",
        "delivered_at": "str | None",
        "created_at": "str",
        "updated_at": "str",
    },
)
EndpointPage = TypedDict(
    "EndpointPage",
    {
        "results": "list[EndpointOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
EndpointStatusEnum: TypeAlias = "Literal['active', 'disabled']"
EndpointWithSecretOut = TypedDict(
    "EndpointWithSecretOut",
    {
        "id": NotRequired["str"],
        "url": "str",
        "description": NotRequired["str"],
        "event_types": "list[str]",
        "status": "EndpointStatusEnum",
        "disabled_reason": "EndpointDisabledReasonEnum | BlankEnum",
        "disabled_at": NotRequired["str | None"],
        "old_secret_until": "str | None",
        "failing_since": "str | None",
        "delivered_at": "str | None",
        "created_at": "str",
        "updated_at": "str",
        "secret": "str",
    },
)
EnvironmentEnum: TypeAlias = "Literal['local', 'sandbox', 'production']"
EraseInRequest = TypedDict(
    "EraseInRequest",
    {
        "confirm": "str",
    },
)
ErasedOut = TypedDict(
    "ErasedOut",
    {
        "id": NotRequired["str"],
        "created_at": "str",
        "archived_at": NotRequired["str | None"],
        "erased_at": NotRequired["str | None"],
    },
)
ErrorCode: TypeAlias = "Literal['agency.already_leaving', 'agency.host_taken', 'agency.leaving', 'agency.no_front_end', 'agency.suspended', 'agency.too_late_to_stay', 'agency.unknown_host', 'api_key.scope_not_yours', 'approval.declined', 'approval.landlord_only', 'approval.not_awaited', 'approval.other_digest', 'auth.credential_malformed', 'auth.credential_unknown', 'auth.csrf_failed', 'auth.required', 'auth.scope_missing', 'auth.wrong_agency', 'auth.wrong_environment', 'batch.cancelled', 'calculation.not_declarable', 'calculation.other_digest', 'campaign.empty', 'connect.already_completed', 'connect.nino_confirmed', 'connect.no_tries_left', 'connect.not_returned', 'connect.nothing_to_check', 'connect.other_principal', 'connect.return_url_not_listed', 'connect.session_expired', 'connect.under_way', 'connect.wrong_completion_code', 'export.not_ready', 'export.over', 'fraud_context.expired', 'fraud_context.incomplete', 'fraud_context.required', 'fraud_context.unknown', 'hmrc.accounting_type_invalid', 'hmrc.amendment_window_closed', 'hmrc.authorization_refused', 'hmrc.before_business_start', 'hmrc.both_allowances', 'hmrc.both_expenses', 'hmrc.building_unnamed', 'hmrc.business_ceased', 'hmrc.business_not_found', 'hmrc.business_type_wrong', 'hmrc.business_validation', 'hmrc.calculation_id_invalid', 'hmrc.calculation_in_progress', 'hmrc.calculation_outdated', 'hmrc.calculation_type_invalid', 'hmrc.cannot_be_fulfilled', 'hmrc.checkpoint_invalid', 'hmrc.client_refused', 'hmrc.country_invalid', 'hmrc.credentials_rejected', 'hmrc.date_invalid', 'hmrc.dates_missing', 'hmrc.dates_not_allowed', 'hmrc.dates_reversed', 'hmrc.declared_already', 'hmrc.denied', 'hmrc.election_locked', 'hmrc.end_date_moved_back', 'hmrc.end_date_not_aligned', 'hmrc.figures_empty', 'hmrc.figures_invalid', 'hmrc.income_sources_invalid', 'hmrc.insolvent', 'hmrc.internal_error', 'hmrc.maintenance', 'hmrc.moved', 'hmrc.nino_invalid', 'hmrc.nino_mismatch', 'hmrc.nino_missing', 'hmrc.no_answer', 'hmrc.no_income_submitted', 'hmrc.no_late_accounting_date', 'hmrc.no_obligations', 'hmrc.not_authorised', 'hmrc.not_connected', 'hmrc.not_declared_yet', 'hmrc.not_enrolled', 'hmrc.not_found', 'hmrc.not_sent', 'hmrc.not_subscribed', 'hmrc.only_sandbox', 'hmrc.other', 'hmrc.period_duplicate', 'hmrc.period_id_invalid', 'hmrc.period_invalid', 'hmrc.period_leaves_gap', 'hmrc.period_not_aligned', 'hmrc.period_not_ended', 'hmrc.period_overlaps', 'hmrc.periods_of_account_invalid', 'hmrc.property_details_invalid', 'hmrc.property_income_allowance', 'hmrc.property_not_known', 'hmrc.quarterly_type_locked', 'hmrc.query_invalid', 'hmrc.reconnect_required', 'hmrc.request_rejected', 'hmrc.scope', 'hmrc.start_date_not_aligned', 'hmrc.tax_year_invalid', 'hmrc.tax_year_not_ended', 'hmrc.tax_year_not_supported', 'hmrc.test_business_exists', 'hmrc.test_business_invalid', 'hmrc.test_scenario', 'hmrc.test_status_invalid', 'hmrc.text_invalid', 'hmrc.throttled', 'hmrc.token_expired', 'hmrc.too_early', 'hmrc.unavailable', 'host.not_allowed', 'idempotency.key_malformed', 'idempotency.key_required', 'idempotency.key_reused', 'idempotency.still_running', 'import.begun', 'import.over', 'import.under_way', 'import.unreadable', 'internal', 'invitation.asked_lately', 'invitation.duplicate_row', 'invitation.not_needed', 'invitation.not_usable', 'landlord.calculation_under_way', 'landlord.mail_stopped', 'landlord.merged', 'landlord.no_email', 'landlord.not_chased', 'landlord.reference_taken', 'landlord.unsettled_submissions', 'mandate.missing', 'mandate.revoked', 'merge.both_connected', 'merge.external_ids_differ', 'merge.other_person', 'nino.conflict', 'nino.nothing_to_confirm', 'nino.unconfirmed', 'not_found', 'property.reference_taken', 'request.bad_cursor', 'request.invalid', 'request.malformed', 'request.malformed_csv', 'request.malformed_json', 'request.method_not_allowed', 'request.not_acceptable', 'request.not_confirmed', 'request.slow_down', 'request.stale', 'request.too_large', 'request.too_often', 'request.unsupported_media_type', 'sandbox.not_in_production', 'sandbox.only_local', 'sandbox.stand_in_away', 'sandbox.test_key_only', 'sandbox.unknown_person', 'service.unavailable', 'sign_in.wrong_code', 'staff.email_taken', 'staff.last_owner', 'staff.owners_only', 'staff.password_is_personal', 'streams.full', 'streams.too_many', 'submission.altered', 'submission.business_unknown', 'submission.declaration_missing', 'submission.outcome_unreadable', 'submission.whole_business_not_declared', 'submission.would_overwrite', 'vault.key_denied', 'vault.seal_broken', 'webhook.already_delivered', 'webhook.disabled', 'webhook.too_many']"
ErrorOut = TypedDict(
    "ErrorOut",
    {
        "code": "ErrorCode",
        "title": "str",
        "status": "int | None",
        "who": "str",
        "user_action": "str",
        "retryable": "bool",
        "hmrc_codes": "list[str]",
    },
)
ErrorPage = TypedDict(
    "ErrorPage",
    {
        "results": "list[ErrorOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
EventOut = TypedDict(
    "EventOut",
    {
        "id": "str",
        "type": "str",
        "subject_type": "str",
        "subject_id": "str",
        "data": "dict[str, Any]",
        "occurred_at": "str",
    },
)
EventPage = TypedDict(
    "EventPage",
    {
        "results": "list[EventOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
EventTypeEnum: TypeAlias = "Literal['agency.resumed', 'agency.suspended', 'annual_submission.accepted', 'annual_submission.cancelled', 'annual_submission.queued', 'annual_submission.rejected', 'annual_submission.superseded', 'annual_submission.unconfirmed', 'annual_submission.unknown', 'annual_submission.waiting_for_connection', 'calculation.failed', 'calculation.ready', 'connection.agency_must_tell', 'connection.connected', 'connection.denied', 'connection.disconnected', 'connection.expiring', 'connection.failed', 'connection.landlord_told', 'connection.nino_confirmed', 'connection.nino_refused', 'connection.nino_unconfirmed', 'connection.not_authorised', 'connection.reconnect_required', 'connection.recovered', 'connection.uncertain', 'export.ready', 'final_declaration.accepted', 'final_declaration.cancelled', 'final_declaration.queued', 'final_declaration.rejected', 'final_declaration.superseded', 'final_declaration.unconfirmed', 'final_declaration.unknown', 'final_declaration.waiting_for_connection', 'import.finished', 'invitation.opened', 'invitations.made', 'key.rotated', 'landlord.bounced', 'landlord.complaint', 'landlord.erased', 'landlord.mail_allowed', 'landlord.merged', 'landlord.opted_out', 'landlord.readiness_changed', 'mail.bounced', 'mail.failed', 'mail.sent', 'mail.stopped', 'mail.unsure', 'mandate.recorded', 'mandate.revoked', 'property.archived', 'property.changed', 'property.created', 'quarterly_type.accepted', 'quarterly_type.cancelled', 'quarterly_type.queued', 'quarterly_type.rejected', 'quarterly_type.superseded', 'quarterly_type.unconfirmed', 'quarterly_type.unknown', 'quarterly_type.waiting_for_connection', 'submission.accepted', 'submission.approved', 'submission.cancelled', 'submission.declined', 'submission.queued', 'submission.rejected', 'submission.stopped', 'submission.superseded', 'submission.unknown', 'submission.waiting_for_approval', 'submission.waiting_for_connection', 'submission_batch.cancelled', 'submission_batch.paused', 'submission_batch.resumed', 'submission_batch.taken_in', 'webhook_endpoint.disabled']"
EvidenceOut = TypedDict(
    "EvidenceOut",
    {
        "submission": "SentOut",
        "calls": "list[CallOut]",
        "hmrc_holds": "HeldOut | None",
    },
)
ExportOut = TypedDict(
    "ExportOut",
    {
        "id": "str",
        "landlord_id": "str | None",
        "created_at": "str",
        "ready_at": NotRequired["str | None"],
        "expires_at": NotRequired["str | None"],
        "wiped_at": NotRequired["str | None"],
        "size": NotRequired["int"],
        "sha256": "str",
    },
)
ExportReadyEvent = TypedDict(
    "ExportReadyEvent",
    {
        "type": "Literal['export.ready']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
FactorInRequest = TypedDict(
    "FactorInRequest",
    {
        "type": "FactorTypeEnum",
        "timestamp": "str",
        "unique_reference": "str",
    },
)
FactorTypeEnum: TypeAlias = "Literal['TOTP', 'AUTH_CODE', 'OTHER']"
FileFormRequest = TypedDict(
    "FileFormRequest",
    {
        "dry_run": NotRequired["bool"],
        "sheet": NotRequired["str"],
        "file": "str",
    },
)
FinalDeclarationAcceptedEvent = TypedDict(
    "FinalDeclarationAcceptedEvent",
    {
        "type": "Literal['final_declaration.accepted']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
FinalDeclarationCancelledEvent = TypedDict(
    "FinalDeclarationCancelledEvent",
    {
        "type": "Literal['final_declaration.cancelled']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
FinalDeclarationInRequest = TypedDict(
    "FinalDeclarationInRequest",
    {
        "digest": NotRequired["str"],
        "declaration": NotRequired["AgreementRequest"],
        "fraud_context_id": NotRequired["str | None"],
    },
)
FinalDeclarationQueuedEvent = TypedDict(
    "FinalDeclarationQueuedEvent",
    {
        "type": "Literal['final_declaration.queued']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
FinalDeclarationRejectedEvent = TypedDict(
    "FinalDeclarationRejectedEvent",
    {
        "type": "Literal['final_declaration.rejected']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
FinalDeclarationSupersededEvent = TypedDict(
    "FinalDeclarationSupersededEvent",
    {
        "type": "Literal['final_declaration.superseded']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
FinalDeclarationUnconfirmedEvent = TypedDict(
    "FinalDeclarationUnconfirmedEvent",
    {
        "type": "Literal['final_declaration.unconfirmed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
FinalDeclarationUnknownEvent = TypedDict(
    "FinalDeclarationUnknownEvent",
    {
        "type": "Literal['final_declaration.unknown']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
FinalDeclarationWaitingForConnectionEvent = TypedDict(
    "FinalDeclarationWaitingForConnectionEvent",
    {
        "type": "Literal['final_declaration.waiting_for_connection']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
FraudContextInRequest = TypedDict(
    "FraudContextInRequest",
    {
        "connection_method": NotRequired["Any"],
        "landlord_id": NotRequired["str | None"],
        "device_id": NotRequired["str"],
        "user_agent": NotRequired["str"],
        "screens": NotRequired["list[ScreenInRequest]"],
        "window": NotRequired["WindowInRequest"],
        "timezone": NotRequired["str"],
        "device": NotRequired["Any"],
        "os_user": NotRequired["str"],
        "local_ips": NotRequired["list[str]"],
        "local_ips_timestamp": NotRequired["str"],
        "mac_addresses": NotRequired["list[str]"],
        "application": NotRequired["Any"],
        "client": NotRequired["ClientInRequest"],
        "mfa": NotRequired["list[FactorInRequest]"],
        "user_id": NotRequired["str"],
        "licence_ids": NotRequired["dict[str, Any]"],
        "forwarded": NotRequired["list[HopInRequest]"],
    },
)
FraudContextOut = TypedDict(
    "FraudContextOut",
    {
        "id": "str",
        "connection_method": "str",
        "expires_at": "str",
        "missing": "list[NoteOut]",
        "warnings": "list[NoteOut]",
    },
)
FunnelLandlordOut = TypedDict(
    "FunnelLandlordOut",
    {
        "id": NotRequired["str"],
        "reference": "str",
        "full_name": "str",
        "email": NotRequired["str"],
        "nino": "str | None",
        "external_ids": "dict[str, Any]",
        "tags": "list[str]",
        "mtd_handling": "MtdHandlingEnum",
        "connection_state": "Any",
        "readiness": "ReadinessStatusEnum | None",
        "created_at": "str",
        "updated_at": "str",
        "stage": "Any",
        "place": "FunnelPlaceEnum",
        "waiting_on": "Any",
        "action": "str",
    },
)
FunnelLandlordPage = TypedDict(
    "FunnelLandlordPage",
    {
        "results": "list[FunnelLandlordOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
FunnelOut = TypedDict(
    "FunnelOut",
    {
        "steps": "list[FunnelStepOut]",
    },
)
FunnelPlaceEnum: TypeAlias = "Literal['not_invited', 'no_email', 'opted_out', 'mail_bounced', 'not_opened', 'invitation_over', 'invited_opted_out', 'invited_mail_bounced', 'not_begun', 'denied', 'attempt_expired', 'attempt_failed', 'waiting_at_hmrc', 'nino_unconfirmed', 'nino_mismatch', 'not_enrolled', 'not_authorised', 'checking', 'not_signed_up', 'no_business', 'no_obligations', 'ready']"
FunnelPlaceOut = TypedDict(
    "FunnelPlaceOut",
    {
        "code": "FunnelPlaceEnum",
        "count": "int",
        "waiting_on": "WaitingOnEnum",
        "action": "str",
    },
)
FunnelStageEnum: TypeAlias = "Literal['imported', 'invited', 'opened', 'began', 'at_hmrc', 'connected', 'ready']"
FunnelStepOut = TypedDict(
    "FunnelStepOut",
    {
        "stage": "FunnelStageEnum",
        "reached": "int",
        "here": "int",
        "places": "list[FunnelPlaceOut]",
    },
)
HeaderNoteEnum: TypeAlias = "Literal['missing', 'invalid', 'agreed_missing', 'not_sent']"
HeldOut = TypedDict(
    "HeldOut",
    {
        "digest": "str | None",
        "submission_id": "str | None",
        "read_at": "str",
        "period_start": "str | None",
        "period_end": "str | None",
        "figures": "Any",
    },
)
HmrcCodeOut = TypedDict(
    "HmrcCodeOut",
    {
        "code": "str",
    },
)
HmrcHealthOut = TypedDict(
    "HmrcHealthOut",
    {
        "status": "str",
        "availability_page": "str",
    },
)
HmrcSaidOut = TypedDict(
    "HmrcSaidOut",
    {
        "status": "int",
        "code": "str",
        "errors": "list[HmrcCodeOut]",
        "correlation_id": "str",
    },
)
HmrcSeenOut = TypedDict(
    "HmrcSeenOut",
    {
        "status": "str",
        "availability_page": "str",
        "answered_at": "str | None",
        "failed_at": "str | None",
        "refused_apis": "list[str]",
        "deprecations": "list[DeprecationOut]",
        "unknown_codes": "dict[str, Any]",
    },
)
HmrcWordingOut = TypedDict(
    "HmrcWordingOut",
    {
        "text_version": "str",
        "text": "str",
    },
)
HopInRequest = TypedDict(
    "HopInRequest",
    {
        "by": "str",
        "for": "str",
    },
)
ImportFinishedEvent = TypedDict(
    "ImportFinishedEvent",
    {
        "type": "Literal['import.finished']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
ImportLimitsOut = TypedDict(
    "ImportLimitsOut",
    {
        "bytes": "int",
        "rows": "int",
        "columns": "int",
        "cell_characters": "int",
        "characters": "int",
        "unpacked_bytes": "int",
    },
)
ImportRowOut = TypedDict(
    "ImportRowOut",
    {
        "row": "int",
        "status": "ImportRowStatusEnum",
        "landlord_id": "str | None",
        "reference": NotRequired["str | None"],
        "changed": "list[str]",
        "errors": "list[CellFaultOut]",
    },
)
ImportRowPage = TypedDict(
    "ImportRowPage",
    {
        "results": "list[ImportRowOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
ImportRowStatusEnum: TypeAlias = "Literal['created', 'updated', 'unchanged', 'rejected']"
ImportStatusEnum: TypeAlias = "Literal['needs_mapping', 'running', 'done', 'cancelled', 'expired']"
InvitationBatchOut = TypedDict(
    "InvitationBatchOut",
    {
        "id": NotRequired["str"],
        "campaign_id": "str | None",
        "purpose": "InvitationPurposeEnum",
        "deliver": "BulkDeliverEnum",
        "rows": "int",
        "counts": "dict[str, Any]",
        "operation": "str",
        "created_at": "str",
        "cancelled_at": NotRequired["str | None"],
    },
)
InvitationBatchPage = TypedDict(
    "InvitationBatchPage",
    {
        "results": "list[InvitationBatchOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
InvitationInRequest = TypedDict(
    "InvitationInRequest",
    {
        "landlord_id": "str",
        "deliver": NotRequired["Any"],
    },
)
InvitationOpenedEvent = TypedDict(
    "InvitationOpenedEvent",
    {
        "type": "Literal['invitation.opened']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
InvitationOut = TypedDict(
    "InvitationOut",
    {
        "id": NotRequired["str"],
        "landlord_id": "str",
        "purpose": NotRequired["InvitationPurposeEnum"],
        "status": "str",
        "created_at": "str",
        "expires_at": "str",
        "sent_at": NotRequired["str | None"],
        "opened_at": NotRequired["str | None"],
        "revoked_at": NotRequired["str | None"],
    },
)
InvitationPage = TypedDict(
    "InvitationPage",
    {
        "results": "list[InvitationOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
InvitationPurposeEnum: TypeAlias = "Literal['connect', 'approve', 'reconnect', 'sign_in', 'branch']"
InvitationRowCodeEnum: TypeAlias = "Literal['not_found', 'invitation.duplicate_row', 'landlord.not_chased', 'invitation.not_needed', 'landlord.no_email', 'landlord.mail_stopped', 'invitation.asked_lately']"
InvitationRowOut = TypedDict(
    "InvitationRowOut",
    {
        "row": "int",
        "named_id": "str | None",
        "named_reference": "str",
        "landlord_id": "str | None",
        "status": "InvitationRowStatusEnum",
        "code": "InvitationRowCodeEnum | BlankEnum",
        "invitation_id": "str | None",
        "mail_status": "MailStatusEnum | None",
    },
)
InvitationRowPage = TypedDict(
    "InvitationRowPage",
    {
        "results": "list[InvitationRowOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
InvitationRowStatusEnum: TypeAlias = "Literal['waiting', 'made', 'refused', 'cancelled']"
InvitationsMadeEvent = TypedDict(
    "InvitationsMadeEvent",
    {
        "type": "Literal['invitations.made']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
InvitedOut = TypedDict(
    "InvitedOut",
    {
        "id": NotRequired["str"],
        "landlord_id": "str",
        "purpose": NotRequired["InvitationPurposeEnum"],
        "status": "str",
        "created_at": "str",
        "expires_at": "str",
        "sent_at": NotRequired["str | None"],
        "opened_at": NotRequired["str | None"],
        "revoked_at": NotRequired["str | None"],
        "invitation_token": "str",
        "url": "str",
        "qr_svg": "str",
        "letter_html": "str",
    },
)
ItsaStatusOut = TypedDict(
    "ItsaStatusOut",
    {
        "tax_year": "str",
        "status": "str",
        "reason": "str",
        "submitted_on": "str",
    },
)
ItsaStatuses = TypedDict(
    "ItsaStatuses",
    {
        "fetched_at": "str",
        "stale": "bool",
        "results": "list[ItsaStatusOut]",
    },
)
KeyRotatedEvent = TypedDict(
    "KeyRotatedEvent",
    {
        "type": "Literal['key.rotated']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
LandlordBouncedEvent = TypedDict(
    "LandlordBouncedEvent",
    {
        "type": "Literal['landlord.bounced']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
LandlordComplaintEvent = TypedDict(
    "LandlordComplaintEvent",
    {
        "type": "Literal['landlord.complaint']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
LandlordErasedEvent = TypedDict(
    "LandlordErasedEvent",
    {
        "type": "Literal['landlord.erased']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
LandlordImportInRequest = TypedDict(
    "LandlordImportInRequest",
    {
        "dry_run": NotRequired["bool"],
        "landlords": "list[LandlordInRequest]",
        "mapping": NotRequired["dict[str, Any]"],
    },
)
LandlordImportOut = TypedDict(
    "LandlordImportOut",
    {
        "id": NotRequired["str"],
        "status": "ImportStatusEnum",
        "dry_run": "bool",
        "format": "str",
        "reading": "dict[str, Any]",
        "columns": "list[ColumnOut]",
        "rows": "int",
        "taken": "int",
        "counts": "dict[str, Any]",
        "reasons": "dict[str, Any]",
        "progress": "float",
        "estimated_done_at": "str | None",
        "operation": "str",
        "created_at": "str",
        "started_at": NotRequired["str | None"],
        "finished_at": NotRequired["str | None"],
        "rows_kept_until": "str | None",
    },
)
LandlordImportPage = TypedDict(
    "LandlordImportPage",
    {
        "results": "list[LandlordImportOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
LandlordInRequest = TypedDict(
    "LandlordInRequest",
    {
        "reference": NotRequired["str"],
        "full_name": "str",
        "email": NotRequired["str"],
        "nino": NotRequired["str"],
        "external_ids": NotRequired["dict[str, Any]"],
        "tags": NotRequired["list[str]"],
        "mtd_handling": NotRequired["Any"],
    },
)
LandlordMailAllowedEvent = TypedDict(
    "LandlordMailAllowedEvent",
    {
        "type": "Literal['landlord.mail_allowed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
LandlordMergedEvent = TypedDict(
    "LandlordMergedEvent",
    {
        "type": "Literal['landlord.merged']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
LandlordOptedOutEvent = TypedDict(
    "LandlordOptedOutEvent",
    {
        "type": "Literal['landlord.opted_out']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
LandlordOut = TypedDict(
    "LandlordOut",
    {
        "id": NotRequired["str"],
        "reference": "str",
        "full_name": "str",
        "email": NotRequired["str"],
        "nino": "str | None",
        "external_ids": "dict[str, Any]",
        "tags": "list[str]",
        "mtd_handling": "MtdHandlingEnum",
        "connection_state": "Any",
        "readiness": "ReadinessStatusEnum | None",
        "created_at": "str",
        "updated_at": "str",
    },
)
LandlordPage = TypedDict(
    "LandlordPage",
    {
        "results": "list[LandlordOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
LandlordReadinessChangedEvent = TypedDict(
    "LandlordReadinessChangedEvent",
    {
        "type": "Literal['landlord.readiness_changed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
LandlordSessionInRequest = TypedDict(
    "LandlordSessionInRequest",
    {
        "invitation_token": "str",
    },
)
LandlordSessionOut = TypedDict(
    "LandlordSessionOut",
    {
        "token": "str",
        "landlord_id": "str",
        "expires_at": "str",
        "nino_on_file": "bool",
    },
)
LimitsOut = TypedDict(
    "LimitsOut",
    {
        "landlord_import": "ImportLimitsOut",
    },
)
LinkRequestInRequest = TypedDict(
    "LinkRequestInRequest",
    {
        "email": "str",
    },
)
LinksInRequest = TypedDict(
    "LinksInRequest",
    {
        "after": NotRequired["int"],
        "limit": NotRequired["int"],
    },
)
LinksOut = TypedDict(
    "LinksOut",
    {
        "results": "list[RowLinkOut]",
        "after": "int | None",
    },
)
MadeKeyOut = TypedDict(
    "MadeKeyOut",
    {
        "id": NotRequired["str"],
        "name": "str",
        "prefix": "str",
        "scopes": "list[str]",
        "created_at": "str",
        "expires_at": NotRequired["str | None"],
        "last_used_at": NotRequired["str | None"],
        "revoked_at": NotRequired["str | None"],
        "key": "str",
    },
)
MailBouncedEvent = TypedDict(
    "MailBouncedEvent",
    {
        "type": "Literal['mail.bounced']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
MailFailedEvent = TypedDict(
    "MailFailedEvent",
    {
        "type": "Literal['mail.failed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
MailSentEvent = TypedDict(
    "MailSentEvent",
    {
        "type": "Literal['mail.sent']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
MailSettingsOut = TypedDict(
    "MailSettingsOut",
    {
        "reply_to": "str",
        "reminder_days": "list[int]",
        "cooldown_days": NotRequired["int"],
        "templates": "list[TemplateOut]",
    },
)
MailStatusEnum: TypeAlias = "Literal['queued', 'sending', 'sent', 'unsure', 'failed', 'stopped', 'bounced']"
MailStopOut = TypedDict(
    "MailStopOut",
    {
        "reason": "MailStopReasonEnum | None",
    },
)
MailStopReasonEnum: TypeAlias = "Literal['opted_out', 'complaint', 'bounced']"
MailStoppedEvent = TypedDict(
    "MailStoppedEvent",
    {
        "type": "Literal['mail.stopped']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
MailTextEnum: TypeAlias = "Literal['invitation', 'reminder', 'approval', 'reconnect', 'disconnected', 'sign_in', 'code']"
MailUnsureEvent = TypedDict(
    "MailUnsureEvent",
    {
        "type": "Literal['mail.unsure']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
MandateEndEnum: TypeAlias = "Literal['revoked', 'replaced']"
MandateKindEnum: TypeAlias = "Literal['standing', 'per_quarter']"
MandateOut = TypedDict(
    "MandateOut",
    {
        "id": NotRequired["str"],
        "kind": "MandateKindEnum",
        "text_version": "str",
        "channel": "ChannelEnum",
        "evidence": NotRequired["str"],
        "given_at": "str",
        "recorded_at": "str",
        "recorded_by_kind": "str",
        "recorded_by_id": "str",
        "ended_at": NotRequired["str | None"],
        "ended_how": "MandateEndEnum | BlankEnum",
        "ended_by_kind": NotRequired["str"],
        "ended_by_id": NotRequired["str | None"],
    },
)
MandateRecordedEvent = TypedDict(
    "MandateRecordedEvent",
    {
        "type": "Literal['mandate.recorded']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
MandateRequest = TypedDict(
    "MandateRequest",
    {
        "kind": "Any",
        "text_version": NotRequired["str"],
        "given_at": NotRequired["str"],
        "channel": NotRequired["ChannelEnum"],
        "evidence": NotRequired["str"],
    },
)
MandateRevokedEvent = TypedDict(
    "MandateRevokedEvent",
    {
        "type": "Literal['mandate.revoked']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
MandatesOut = TypedDict(
    "MandatesOut",
    {
        "results": "list[MandateOut]",
    },
)
MeOut = TypedDict(
    "MeOut",
    {
        "kind": "str",
        "id": "str",
        "agency_id": "str | None",
        "agency_name": "str",
        "landlord_id": "str | None",
        "scopes": "list[str]",
    },
)
MergeInRequest = TypedDict(
    "MergeInRequest",
    {
        "duplicate_id": "str",
    },
)
MtdHandlingEnum: TypeAlias = "Literal['us', 'own_software', 'accountant', 'not_required', 'exempt', 'unknown']"
NeedOut = TypedDict(
    "NeedOut",
    {
        "code": "str",
        "title": "str",
        "text": "str",
        "url": "str",
    },
)
NinoClaimOut = TypedDict(
    "NinoClaimOut",
    {
        "status": "NinoClaimStatusEnum",
        "typed": "str | None",
        "on_file": "str | None",
        "created_at": "str | None",
    },
)
NinoClaimStatusEnum: TypeAlias = "Literal['none', 'checking', 'waiting']"
NoteOut = TypedDict(
    "NoteOut",
    {
        "header": "str",
        "code": "HeaderNoteEnum",
        "how_to_mend": "str",
    },
)
ObligationOut = TypedDict(
    "ObligationOut",
    {
        "final_declaration_of": "str",
        "business_id": "str",
        "type_of_business": "str",
        "period_start": "str",
        "period_end": "str",
        "due_date": "str",
        "status": "str",
        "received_date": "str | None",
    },
)
Obligations = TypedDict(
    "Obligations",
    {
        "fetched_at": "str",
        "stale": "bool",
        "results": "list[ObligationOut]",
    },
)
OffBoardInRequest = TypedDict(
    "OffBoardInRequest",
    {
        "confirm": "str",
        "wait_days": NotRequired["int"],
    },
)
OffBoardingOut = TypedDict(
    "OffBoardingOut",
    {
        "agency_id": "str",
        "name": "str",
        "status": "OffBoardingStatusEnum",
        "asked_at": "str",
        "begins_at": "str",
        "steps": "list[dict[str, Any]]",
        "finished_at": NotRequired["str | None"],
        "certificate": "dict[str, Any] | None",
    },
)
OffBoardingStatusEnum: TypeAlias = "Literal['planned', 'called_off', 'under_way', 'done']"
OperationOut = TypedDict(
    "OperationOut",
    {
        "id": NotRequired["str"],
        "kind": "str",
        "status": "OperationStatusEnum",
        "subject_type": "str",
        "subject_id": "str",
        "progress": NotRequired["float"],
        "queue_position": "int | None",
        "estimated_start_at": "str | None",
        "result": "Any",
        "error": "dict[str, Any] | None",
        "created_at": "str",
        "finished_at": NotRequired["str | None"],
        "events_url": "str",
    },
)
OperationStatusEnum: TypeAlias = "Literal['queued', 'running', 'succeeded', 'failed']"
OperatorOut = TypedDict(
    "OperatorOut",
    {
        "privacy_url": "str",
        "terms_url": "str",
        "security_contact": "str",
        "server_location": "str",
    },
)
OptOutInRequest = TypedDict(
    "OptOutInRequest",
    {
        "invitation_token": "str",
    },
)
OwnerInRequest = TypedDict(
    "OwnerInRequest",
    {
        "landlord_id": "str",
        "share": "str",
    },
)
OwnerOut = TypedDict(
    "OwnerOut",
    {
        "landlord_id": "str",
        "full_name": "str",
        "share": "str",
        "connection_state": "str",
    },
)
PatchedAgencyChangeRequest = TypedDict(
    "PatchedAgencyChangeRequest",
    {
        "name": NotRequired["str"],
        "allowed_origins": NotRequired["list[str]"],
        "return_urls": NotRequired["list[str]"],
        "front_end_url": NotRequired["str"],
        "mail_name": NotRequired["str"],
        "mail_reply_to": NotRequired["str"],
        "reconnect_mail": NotRequired["Any"],
    },
)
PatchedEndpointChangeRequest = TypedDict(
    "PatchedEndpointChangeRequest",
    {
        "url": NotRequired["str"],
        "description": NotRequired["str"],
        "event_types": NotRequired["list[EventTypeEnum]"],
        "status": NotRequired["EndpointStatusEnum"],
    },
)
PatchedLandlordImportChangeRequest = TypedDict(
    "PatchedLandlordImportChangeRequest",
    {
        "mapping": NotRequired["dict[str, Any]"],
        "dry_run": NotRequired["bool"],
    },
)
PatchedLandlordInRequest = TypedDict(
    "PatchedLandlordInRequest",
    {
        "reference": NotRequired["str"],
        "full_name": NotRequired["str"],
        "email": NotRequired["str"],
        "nino": NotRequired["str"],
        "external_ids": NotRequired["dict[str, Any]"],
        "tags": NotRequired["list[str]"],
        "mtd_handling": NotRequired["Any"],
    },
)
PatchedMailSettingsChangeRequest = TypedDict(
    "PatchedMailSettingsChangeRequest",
    {
        "reply_to": NotRequired["str"],
        "reminder_days": NotRequired["list[int]"],
        "cooldown_days": NotRequired["int"],
        "templates": NotRequired["TemplatesInRequest"],
    },
)
PatchedPropertyInRequest = TypedDict(
    "PatchedPropertyInRequest",
    {
        "reference": NotRequired["str"],
        "address": NotRequired["str"],
        "postcode": NotRequired["str"],
        "external_ids": NotRequired["dict[str, Any]"],
        "owners": NotRequired["list[OwnerInRequest]"],
    },
)
PatchedStaffChangeRequest = TypedDict(
    "PatchedStaffChangeRequest",
    {
        "role": NotRequired["RoleEnum"],
    },
)
PauseInRequest = TypedDict(
    "PauseInRequest",
    {
        "reason": "str",
    },
)
PauseOut = TypedDict(
    "PauseOut",
    {
        "scope": "PauseScopeEnum",
        "name": "str",
        "reason": "str",
        "paused_at": "str",
    },
)
PauseScopeEnum: TypeAlias = "Literal['lane', 'agency', 'operation']"
Problem = TypedDict(
    "Problem",
    {
        "type": "str",
        "title": "str",
        "detail": "str",
        "instance": "str",
        "request_id": "str",
        "user_action": "str",
        "code": "ErrorCode",
        "status": "int",
        "retryable": "bool",
        "errors": "list[ProblemPlace]",
        "hmrc": NotRequired["ProblemHmrc"],
    },
)
ProblemHmrc = TypedDict(
    "ProblemHmrc",
    {
        "code": NotRequired["str"],
        "status": NotRequired["int"],
        "correlation_id": NotRequired["str"],
    },
)
ProblemPlace = TypedDict(
    "ProblemPlace",
    {
        "pointer": "str",
        "code": "str",
        "detail": "str",
    },
)
PromptOut = TypedDict(
    "PromptOut",
    {
        "subject": "str",
        "version": "str",
        "text": "str",
    },
)
PropertyArchivedEvent = TypedDict(
    "PropertyArchivedEvent",
    {
        "type": "Literal['property.archived']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
PropertyChangedEvent = TypedDict(
    "PropertyChangedEvent",
    {
        "type": "Literal['property.changed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
PropertyCreatedEvent = TypedDict(
    "PropertyCreatedEvent",
    {
        "type": "Literal['property.created']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
PropertyInRequest = TypedDict(
    "PropertyInRequest",
    {
        "reference": NotRequired["str"],
        "address": "str",
        "postcode": NotRequired["str"],
        "external_ids": NotRequired["dict[str, Any]"],
        "owners": NotRequired["list[OwnerInRequest]"],
    },
)
PropertyOut = TypedDict(
    "PropertyOut",
    {
        "id": NotRequired["str"],
        "reference": "str",
        "address": "str",
        "postcode": NotRequired["str"],
        "external_ids": "dict[str, Any]",
        "owners": "list[OwnerOut]",
        "created_at": "str",
        "updated_at": "str",
    },
)
PropertyPage = TypedDict(
    "PropertyPage",
    {
        "results": "list[PropertyOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
QuarterOut = TypedDict(
    "QuarterOut",
    {
        "period_start": "str",
        "period_end": "str",
        "due_date": "str",
    },
)
QuarterlyTypeAcceptedEvent = TypedDict(
    "QuarterlyTypeAcceptedEvent",
    {
        "type": "Literal['quarterly_type.accepted']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
QuarterlyTypeCancelledEvent = TypedDict(
    "QuarterlyTypeCancelledEvent",
    {
        "type": "Literal['quarterly_type.cancelled']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
QuarterlyTypeEnum: TypeAlias = "Literal['standard', 'calendar']"
QuarterlyTypeInRequest = TypedDict(
    "QuarterlyTypeInRequest",
    {
        "fraud_context_id": NotRequired["str | None"],
        "tax_year": "str",
        "type": "QuarterlyTypeEnum",
    },
)
QuarterlyTypeOut = TypedDict(
    "QuarterlyTypeOut",
    {
        "fetched_at": "str",
        "stale": "bool",
        "change": "WriteOut | None",
        "type": "str",
        "chosen_in": "str",
        "tax_year": "str",
        "quarters": "list[QuarterOut]",
    },
)
QuarterlyTypeQueuedEvent = TypedDict(
    "QuarterlyTypeQueuedEvent",
    {
        "type": "Literal['quarterly_type.queued']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
QuarterlyTypeRejectedEvent = TypedDict(
    "QuarterlyTypeRejectedEvent",
    {
        "type": "Literal['quarterly_type.rejected']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
QuarterlyTypeSupersededEvent = TypedDict(
    "QuarterlyTypeSupersededEvent",
    {
        "type": "Literal['quarterly_type.superseded']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
QuarterlyTypeUnconfirmedEvent = TypedDict(
    "QuarterlyTypeUnconfirmedEvent",
    {
        "type": "Literal['quarterly_type.unconfirmed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
QuarterlyTypeUnknownEvent = TypedDict(
    "QuarterlyTypeUnknownEvent",
    {
        "type": "Literal['quarterly_type.unknown']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
QuarterlyTypeWaitingForConnectionEvent = TypedDict(
    "QuarterlyTypeWaitingForConnectionEvent",
    {
        "type": "Literal['quarterly_type.waiting_for_connection']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
QueueOut = TypedDict(
    "QueueOut",
    {
        "requests_per_second": "int",
        "turns_per_second": "float",
        "budget_used": "float | None",
        "lanes": "dict[str, Any]",
        "own_lanes": "dict[str, Any]",
        "estimated_wait_s": "float",
        "paused_until": "str | None",
        "paused": "list[PauseOut]",
        "refresh": "RefreshCoverageOut",
        "hmrc": "HmrcSeenOut",
    },
)
ReadinessOut = TypedDict(
    "ReadinessOut",
    {
        "status": "ReadinessStatusEnum",
        "waiting_on": "Any",
        "action": "str",
        "tax_year": "str",
        "itsa_status": NotRequired["str"],
        "businesses": NotRequired["int"],
        "quarterly_type": NotRequired["str"],
        "next_due_date": NotRequired["str | None"],
        "next_period_start": NotRequired["str | None"],
        "next_period_end": NotRequired["str | None"],
        "assessed_at": "str",
    },
)
ReadinessStatusEnum: TypeAlias = "Literal['checking', 'not_signed_up', 'no_business', 'no_obligations', 'ready']"
ReconnectMailEnum: TypeAlias = "Literal['landlord', 'agency']"
RefreshCoverageOut = TypedDict(
    "RefreshCoverageOut",
    {
        "policy": "RefreshPolicyEnum",
        "share": "float",
        "grants": "int",
        "uncovered": "int",
        "share_needed": "float",
    },
)
RefreshPolicyEnum: TypeAlias = "Literal['working', 'all', 'on_demand']"
ReplayInRequest = TypedDict(
    "ReplayInRequest",
    {
        "event_id": NotRequired["str"],
        "since": NotRequired["str"],
    },
)
ResendInRequest = TypedDict(
    "ResendInRequest",
    {
        "deliver": NotRequired["Any"],
    },
)
RevealInRequest = TypedDict(
    "RevealInRequest",
    {
        "reason": "str",
    },
)
RevealedOut = TypedDict(
    "RevealedOut",
    {
        "nino": "str",
    },
)
RiskEnum: TypeAlias = "Literal['late', 'critical', 'high', 'low', 'none']"
RoleEnum: TypeAlias = "Literal['owner', 'admin', 'member', 'read-only']"
RotateInRequest = TypedDict(
    "RotateInRequest",
    {
        "overlap_hours": NotRequired["int"],
    },
)
RowFaultOut = TypedDict(
    "RowFaultOut",
    {
        "pointer": "str",
        "code": "str",
        "detail": "str",
        "column": "str | None",
    },
)
RowLinkOut = TypedDict(
    "RowLinkOut",
    {
        "row": "int",
        "landlord_id": "str",
        "reference": "str",
        "invitation_id": "str",
        "invitation_token": "str",
        "url": "str",
    },
)
SandboxActionEnum: TypeAlias = "Literal['revoke', 'expire', 'lose_refresh', 'throttle', 'fail', 'fire_webhook']"
SandboxActionInRequest = TypedDict(
    "SandboxActionInRequest",
    {
        "action": "SandboxActionEnum",
        "event_type": NotRequired["Any"],
    },
)
SandboxActionOut = TypedDict(
    "SandboxActionOut",
    {
        "action": "SandboxActionEnum",
        "grants": "int | None",
        "event_id": "str | None",
    },
)
ScopeEnum: TypeAlias = "Literal['agency:admin', 'agency:read', 'connections:read', 'connections:write', 'declarations:write', 'events:read', 'landlords:read', 'landlords:write', 'nino:reveal', 'submissions:read', 'submissions:write']"
ScreenInRequest = TypedDict(
    "ScreenInRequest",
    {
        "width": "int",
        "height": "int",
        "scaling_factor": "float",
        "colour_depth": "int",
    },
)
SentOut = TypedDict(
    "SentOut",
    {
        "id": NotRequired["str"],
        "landlord_id": "str",
        "business_id": "str",
        "tax_year": "str",
        "period_start": "str",
        "period_end": "str",
        "due_date": "str | None",
        "late": "bool | None",
        "figures": "UkPropertyFiguresOut | None",
        "digest": "str",
        "replaces": "str | None",
        "status": "SubmissionStatusEnum",
        "approval": "ApprovalOut | None",
        "outcome": NotRequired["str"],
        "reason_code": NotRequired["str"],
        "user_action": "str",
        "hmrc": "HmrcSaidOut | None",
        "hmrc_holds": "HeldOut | None",
        "operation": "str",
        "queue_position": "int | None",
        "estimated_start_at": "str | None",
        "created_at": "str",
        "sent_at": NotRequired["str | None"],
        "settled_at": NotRequired["str | None"],
        "declaration": "Any",
        "mandate": NotRequired["Any"],
        "fraud_context_id": NotRequired["str | None"],
        "created_by_kind": "str",
        "created_by_id": "str",
    },
)
SingleDeliverEnum: TypeAlias = "Literal['link', 'mail', 'letter', 'branch']"
StaffInRequest = TypedDict(
    "StaffInRequest",
    {
        "email": "str",
        "role": "RoleEnum",
        "full_name": NotRequired["str"],
    },
)
StaffOut = TypedDict(
    "StaffOut",
    {
        "id": NotRequired["str"],
        "email": "str",
        "full_name": NotRequired["str"],
        "role": "RoleEnum",
        "is_active": NotRequired["bool"],
        "created_at": "str",
        "last_login": NotRequired["str | None"],
    },
)
StaffPage = TypedDict(
    "StaffPage",
    {
        "results": "list[StaffOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
StartPageOut = TypedDict(
    "StartPageOut",
    {
        "agency": "str",
        "minutes": "int",
        "lasts_months": "int",
        "needs": "list[NeedOut]",
    },
)
StreamEventOut = TypedDict(
    "StreamEventOut",
    {
        "event": NotRequired["str"],
        "id": NotRequired["str"],
        "retry": NotRequired["str"],
        "data": NotRequired["str"],
    },
)
SubmissionAcceptedEvent = TypedDict(
    "SubmissionAcceptedEvent",
    {
        "type": "Literal['submission.accepted']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionApprovedEvent = TypedDict(
    "SubmissionApprovedEvent",
    {
        "type": "Literal['submission.approved']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionBatchCancelledEvent = TypedDict(
    "SubmissionBatchCancelledEvent",
    {
        "type": "Literal['submission_batch.cancelled']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionBatchPausedEvent = TypedDict(
    "SubmissionBatchPausedEvent",
    {
        "type": "Literal['submission_batch.paused']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionBatchResumedEvent = TypedDict(
    "SubmissionBatchResumedEvent",
    {
        "type": "Literal['submission_batch.resumed']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionBatchTakenInEvent = TypedDict(
    "SubmissionBatchTakenInEvent",
    {
        "type": "Literal['submission_batch.taken_in']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionCancelledEvent = TypedDict(
    "SubmissionCancelledEvent",
    {
        "type": "Literal['submission.cancelled']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionDeclinedEvent = TypedDict(
    "SubmissionDeclinedEvent",
    {
        "type": "Literal['submission.declined']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionInRequest = TypedDict(
    "SubmissionInRequest",
    {
        "fraud_context_id": NotRequired["str | None"],
        "landlord_id": "str",
        "business_id": "str",
        "tax_year": "str",
        "period_start": "str",
        "period_end": "str",
        "figures": "UkPropertyFiguresRequest",
        "declaration": "DeclarationRequest",
        "mandate": NotRequired["MandateRequest | None"],
        "replaces": NotRequired["str | None"],
    },
)
SubmissionOut = TypedDict(
    "SubmissionOut",
    {
        "id": NotRequired["str"],
        "landlord_id": "str",
        "business_id": "str",
        "tax_year": "str",
        "period_start": "str",
        "period_end": "str",
        "due_date": "str | None",
        "late": "bool | None",
        "figures": "UkPropertyFiguresOut | None",
        "digest": "str",
        "replaces": "str | None",
        "status": "SubmissionStatusEnum",
        "approval": "ApprovalOut | None",
        "outcome": NotRequired["str"],
        "reason_code": NotRequired["str"],
        "user_action": "str",
        "hmrc": "HmrcSaidOut | None",
        "hmrc_holds": "HeldOut | None",
        "operation": "str",
        "queue_position": "int | None",
        "estimated_start_at": "str | None",
        "created_at": "str",
        "sent_at": NotRequired["str | None"],
        "settled_at": NotRequired["str | None"],
    },
)
SubmissionPage = TypedDict(
    "SubmissionPage",
    {
        "results": "list[SubmissionOut]",
        "next": "str | None",
        "previous": "str | None",
    },
)
SubmissionQueuedEvent = TypedDict(
    "SubmissionQueuedEvent",
    {
        "type": "Literal['submission.queued']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionRejectedEvent = TypedDict(
    "SubmissionRejectedEvent",
    {
        "type": "Literal['submission.rejected']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionStatusEnum: TypeAlias = "Literal['queued', 'sending', 'unknown', 'waiting_for_connection', 'waiting_for_approval', 'accepted', 'rejected', 'superseded', 'cancelled', 'stopped']"
SubmissionStoppedEvent = TypedDict(
    "SubmissionStoppedEvent",
    {
        "type": "Literal['submission.stopped']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionSupersededEvent = TypedDict(
    "SubmissionSupersededEvent",
    {
        "type": "Literal['submission.superseded']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionUnknownEvent = TypedDict(
    "SubmissionUnknownEvent",
    {
        "type": "Literal['submission.unknown']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionWaitingForApprovalEvent = TypedDict(
    "SubmissionWaitingForApprovalEvent",
    {
        "type": "Literal['submission.waiting_for_approval']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SubmissionWaitingForConnectionEvent = TypedDict(
    "SubmissionWaitingForConnectionEvent",
    {
        "type": "Literal['submission.waiting_for_connection']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
SuspendInRequest = TypedDict(
    "SuspendInRequest",
    {
        "reason": "str",
    },
)
TemplateInRequest = TypedDict(
    "TemplateInRequest",
    {
        "subject": "str",
        "body": "str",
    },
)
TemplateOut = TypedDict(
    "TemplateOut",
    {
        "kind": "MailTextEnum",
        "subject": "str",
        "body": "str",
        "is_own": "bool",
    },
)
TemplatesInRequest = TypedDict(
    "TemplatesInRequest",
    {
        "invitation": NotRequired["TemplateInRequest | None"],
        "reminder": NotRequired["TemplateInRequest | None"],
        "approval": NotRequired["TemplateInRequest | None"],
        "reconnect": NotRequired["TemplateInRequest | None"],
        "disconnected": NotRequired["TemplateInRequest | None"],
        "sign_in": NotRequired["TemplateInRequest | None"],
        "code": NotRequired["TemplateInRequest | None"],
    },
)
TermsOut = TypedDict(
    "TermsOut",
    {
        "calculation_id": "str",
        "declared_as": "str",
        "digest": "str",
        "text_version": "str",
        "text": "str",
    },
)
UkPropertyAdjustmentsRequest = TypedDict(
    "UkPropertyAdjustmentsRequest",
    {
        "balancingCharge": NotRequired["str | float"],
        "privateUseAdjustment": NotRequired["str | float"],
        "businessPremisesRenovationAllowanceBalancingCharges": NotRequired["str | float"],
        "nonResidentLandlord": "bool",
        "rentARoom": NotRequired["dict[str, Any]"],
    },
)
UkPropertyAllowancesRequest = TypedDict(
    "UkPropertyAllowancesRequest",
    {
        "annualInvestmentAllowance": NotRequired["str | float"],
        "businessPremisesRenovationAllowance": NotRequired["str | float"],
        "otherCapitalAllowance": NotRequired["str | float"],
        "costOfReplacingDomesticItems": NotRequired["str | float"],
        "zeroEmissionsCarAllowance": NotRequired["str | float"],
        "propertyIncomeAllowance": NotRequired["str | float"],
        "structuredBuildingAllowance": NotRequired["list[dict[str, Any]]"],
        "enhancedStructuredBuildingAllowance": NotRequired["list[dict[str, Any]]"],
    },
)
UkPropertyFiguresOut = TypedDict(
    "UkPropertyFiguresOut",
    {
        "income": NotRequired["dict[str, Any]"],
        "expenses": NotRequired["dict[str, Any]"],
    },
)
UkPropertyFiguresRequest = TypedDict(
    "UkPropertyFiguresRequest",
    {
        "income": NotRequired["dict[str, Any]"],
        "expenses": NotRequired["dict[str, Any]"],
    },
)
WaitingOnEnum: TypeAlias = "Literal['agency', 'landlord', 'quarterday', 'hmrc', 'nobody']"
WebhookEndpointDisabledEvent = TypedDict(
    "WebhookEndpointDisabledEvent",
    {
        "type": "Literal['webhook_endpoint.disabled']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
WebhookEndpointTestEvent = TypedDict(
    "WebhookEndpointTestEvent",
    {
        "type": "Literal['webhook_endpoint.test']",
        "timestamp": "str",
        "data": "dict[str, Any]",
    },
)
WindowInRequest = TypedDict(
    "WindowInRequest",
    {
        "width": "int",
        "height": "int",
    },
)
WordingsOut = TypedDict(
    "WordingsOut",
    {
        "results": "list[PromptOut]",
    },
)
WriteKindEnum: TypeAlias = "Literal['quarterly_type', 'annual_submission', 'final_declaration']"
WriteOut = TypedDict(
    "WriteOut",
    {
        "id": NotRequired["str"],
        "landlord_id": "str",
        "kind": "WriteKindEnum",
        "business_id": NotRequired["str"],
        "tax_year": "str",
        "status": "WriteStatusEnum",
        "outcome": NotRequired["str"],
        "reason_code": NotRequired["str"],
        "user_action": "str",
        "digest": "str",
        "declaration": "Any",
        "fraud_context_id": NotRequired["str | None"],
        "hmrc_status": NotRequired["int | None"],
        "hmrc_code": NotRequired["str"],
        "correlation_id": NotRequired["str"],
        "created_by_kind": "str",
        "created_by_id": "str",
        "operation": "str",
        "queue_position": "int | None",
        "estimated_start_at": "str | None",
        "created_at": "str",
        "sent_at": NotRequired["str | None"],
        "settled_at": NotRequired["str | None"],
    },
)
WriteStatusEnum: TypeAlias = "Literal['queued', 'sending', 'unknown', 'waiting_for_connection', 'accepted', 'rejected', 'superseded', 'cancelled', 'unconfirmed']"
ERROR_CODES: tuple[ErrorCode, ...] = (
    "agency.already_leaving",
    "agency.host_taken",
    "agency.leaving",
    "agency.no_front_end",
    "agency.suspended",
    "agency.too_late_to_stay",
    "agency.unknown_host",
    "api_key.scope_not_yours",
    "approval.declined",
    "approval.landlord_only",
    "approval.not_awaited",
    "approval.other_digest",
    "auth.credential_malformed",
    "auth.credential_unknown",
    "auth.csrf_failed",
    "auth.required",
    "auth.scope_missing",
    "auth.wrong_agency",
    "auth.wrong_environment",
    "batch.cancelled",
    "calculation.not_declarable",
    "calculation.other_digest",
    "campaign.empty",
    "connect.already_completed",
    "connect.nino_confirmed",
    "connect.no_tries_left",
    "connect.not_returned",
    "connect.nothing_to_check",
    "connect.other_principal",
    "connect.return_url_not_listed",
    "connect.session_expired",
    "connect.under_way",
    "connect.wrong_completion_code",
    "export.not_ready",
    "export.over",
    "fraud_context.expired",
    "fraud_context.incomplete",
    "fraud_context.required",
    "fraud_context.unknown",
    "hmrc.accounting_type_invalid",
    "hmrc.amendment_window_closed",
    "hmrc.authorization_refused",
    "hmrc.before_business_start",
    "hmrc.both_allowances",
    "hmrc.both_expenses",
    "hmrc.building_unnamed",
    "hmrc.business_ceased",
    "hmrc.business_not_found",
    "hmrc.business_type_wrong",
    "hmrc.business_validation",
    "hmrc.calculation_id_invalid",
    "hmrc.calculation_in_progress",
    "hmrc.calculation_outdated",
    "hmrc.calculation_type_invalid",
    "hmrc.cannot_be_fulfilled",
    "hmrc.checkpoint_invalid",
    "hmrc.client_refused",
    "hmrc.country_invalid",
    "hmrc.credentials_rejected",
    "hmrc.date_invalid",
    "hmrc.dates_missing",
    "hmrc.dates_not_allowed",
    "hmrc.dates_reversed",
    "hmrc.declared_already",
    "hmrc.denied",
    "hmrc.election_locked",
    "hmrc.end_date_moved_back",
    "hmrc.end_date_not_aligned",
    "hmrc.figures_empty",
    "hmrc.figures_invalid",
    "hmrc.income_sources_invalid",
    "hmrc.insolvent",
    "hmrc.internal_error",
    "hmrc.maintenance",
    "hmrc.moved",
    "hmrc.nino_invalid",
    "hmrc.nino_mismatch",
    "hmrc.nino_missing",
    "hmrc.no_answer",
    "hmrc.no_income_submitted",
    "hmrc.no_late_accounting_date",
    "hmrc.no_obligations",
    "hmrc.not_authorised",
    "hmrc.not_connected",
    "hmrc.not_declared_yet",
    "hmrc.not_enrolled",
    "hmrc.not_found",
    "hmrc.not_sent",
    "hmrc.not_subscribed",
    "hmrc.only_sandbox",
    "hmrc.other",
    "hmrc.period_duplicate",
    "hmrc.period_id_invalid",
    "hmrc.period_invalid",
    "hmrc.period_leaves_gap",
    "hmrc.period_not_aligned",
    "hmrc.period_not_ended",
    "hmrc.period_overlaps",
    "hmrc.periods_of_account_invalid",
    "hmrc.property_details_invalid",
    "hmrc.property_income_allowance",
    "hmrc.property_not_known",
    "hmrc.quarterly_type_locked",
    "hmrc.query_invalid",
    "hmrc.reconnect_required",
    "hmrc.request_rejected",
    "hmrc.scope",
    "hmrc.start_date_not_aligned",
    "hmrc.tax_year_invalid",
    "hmrc.tax_year_not_ended",
    "hmrc.tax_year_not_supported",
    "hmrc.test_business_exists",
    "hmrc.test_business_invalid",
    "hmrc.test_scenario",
    "hmrc.test_status_invalid",
    "hmrc.text_invalid",
    "hmrc.throttled",
    "hmrc.token_expired",
    "hmrc.too_early",
    "hmrc.unavailable",
    "host.not_allowed",
    "idempotency.key_malformed",
    "idempotency.key_required",
    "idempotency.key_reused",
    "idempotency.still_running",
    "import.begun",
    "import.over",
    "import.under_way",
    "import.unreadable",
    "internal",
    "invitation.asked_lately",
    "invitation.duplicate_row",
    "invitation.not_needed",
    "invitation.not_usable",
    "landlord.calculation_under_way",
    "landlord.mail_stopped",
    "landlord.merged",
    "landlord.no_email",
    "landlord.not_chased",
    "landlord.reference_taken",
    "landlord.unsettled_submissions",
    "mandate.missing",
    "mandate.revoked",
    "merge.both_connected",
    "merge.external_ids_differ",
    "merge.other_person",
    "nino.conflict",
    "nino.nothing_to_confirm",
    "nino.unconfirmed",
    "not_found",
    "property.reference_taken",
    "request.bad_cursor",
    "request.invalid",
    "request.malformed",
    "request.malformed_csv",
    "request.malformed_json",
    "request.method_not_allowed",
    "request.not_acceptable",
    "request.not_confirmed",
    "request.slow_down",
    "request.stale",
    "request.too_large",
    "request.too_often",
    "request.unsupported_media_type",
    "sandbox.not_in_production",
    "sandbox.only_local",
    "sandbox.stand_in_away",
    "sandbox.test_key_only",
    "sandbox.unknown_person",
    "service.unavailable",
    "sign_in.wrong_code",
    "staff.email_taken",
    "staff.last_owner",
    "staff.owners_only",
    "staff.password_is_personal",
    "streams.full",
    "streams.too_many",
    "submission.altered",
    "submission.business_unknown",
    "submission.declaration_missing",
    "submission.outcome_unreadable",
    "submission.whole_business_not_declared",
    "submission.would_overwrite",
    "vault.key_denied",
    "vault.seal_broken",
    "webhook.already_delivered",
    "webhook.disabled",
    "webhook.too_many",
)
