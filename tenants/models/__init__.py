"""The public lists. They hold ids, times, lanes and digests only: nothing of a landlord."""

from tenants.models.adoption import Adoption
from tenants.models.agency import Agency, Domain, ReconnectMail
from tenants.models.credential import Credential, CredentialKind
from tenants.models.due import Due
from tenants.models.ending import Ending
from tenants.models.keys import KeyCheck, TenantKey
from tenants.models.state import ConnectState
from tenants.models.switch import Switch

__all__ = [
    "Adoption",
    "Agency",
    "ConnectState",
    "Credential",
    "CredentialKind",
    "Domain",
    "Due",
    "Ending",
    "KeyCheck",
    "ReconnectMail",
    "Switch",
    "TenantKey",
]
