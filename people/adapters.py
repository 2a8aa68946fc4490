"""Where allauth asks us: who may sign up (nobody), what its mails say and link to, how its secrets are kept."""

import base64
from functools import partial
from typing import Any
from urllib.parse import quote

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest

from people import passkeys
from people.sealed import FACTOR_LABEL, FACTOR_PLACE
from tenants.context import current_agency
from tenants.vault import Purpose, open_value, seal_value

log = structlog.get_logger()

_seal = partial(seal_value, purpose=Purpose.PII, label=FACTOR_LABEL, row=FACTOR_PLACE)
_open = partial(open_value, purpose=Purpose.PII, label=FACTOR_LABEL, row=FACTOR_PLACE)


class AccountAdapter(DefaultAccountAdapter):
    """Staff are invited. Every mail names the agency, and goes out only if what it speaks of was committed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an outsider could otherwise become staff of an agency."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Who is slowed down for guessing: the address that the edge found behind our proxies."""
        client = getattr(request, "edge", None)
        return client.ip if client is not None and client.ip else str(super().get_client_ip(request))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin the session, unless the person was let go since the password: allauth asks that at the first step only.

        Raises ImmediateHttpResponse, which allauth answers as it does at that step.
        """
        if not user.is_active:
            clear_login(request)
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def format_email_subject(self, subject: str) -> str:
        return f"[{current_agency().name}] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render now, send after the commit. A mail server that fails is logged and fails nobody's request.

        Were it otherwise, the answer to "I forgot my password" would tell whose address is known.
        """
        message = self.render_mail(template_prefix, email, {**context, "email": email, "agency": current_agency().name})
        transaction.on_commit(partial(_deliver, message, template_prefix))


class HeadlessAdapter(DefaultHeadlessAdapter):
    """Links in mails lead to the agency's own front end."""

    def get_frontend_url(self, urlname: str, **values: str) -> str:
        """The page of that name in the agency's front end; at our public address if it has none."""
        base = current_agency().front_end_url or settings.PUBLIC_URL
        path = settings.HEADLESS_FRONTEND_URLS[urlname].format(**{name: quote(value) for name, value in values.items()})
        return base.rstrip("/") + path


class MFAAdapter(DefaultMFAAdapter):
    """TOTP secrets and the seeds of recovery codes are sealed for their agency. A passkey's public key is no secret."""

    def get_totp_issuer(self) -> str:
        """What an authenticator app shows beside the address."""
        return current_agency().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return passkeys.relying_party()

    def encrypt(self, text: str) -> str:
        return base64.b64encode(_seal(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises SealBroken if the secret was altered or belongs to another agency."""
        return _open(base64.b64decode(encrypted_text))


def _deliver(message: EmailMessage, kind: str) -> None:
    try:
        message.send()
    except Exception as why:  # noqa: BLE001 - whatever ails the mail server, what the mail speaks of stands
        log.error("mail.undelivered", kind=kind, why=type(why).__name__)  # noqa: TRY400
