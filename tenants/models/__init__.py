"""The public lists. They hold ids, times, lanes and digests only: nothing of a landlord."""

from tenants.models.adoption import Adoption
from tenants.models.agency import Agency, Domain, ReconnectMail
from tenants.models.backlog import Backlog
from tenants.models.credential import Credential, CredentialKind
from tenants.models.doubt import Doubt
from tenants.models.due import Due
from tenants.models.ending import Ending
from tenants.models.keys import KeyCheck, TenantKey
from tenants.models.off_boarding import OffBoarding
from tenants.models.pause import Pause, PauseScope
from tenants.models.state import ConnectState
from tenants.models.switch import Switch
from tenants.models.turns import AgencyTurn, LaneTurn, Share

__all__ = [
    "Adoption",
    "Agency",
    "AgencyTurn",
    "Backlog",
    "ConnectState",
    "Credential",
    "CredentialKind",
    "Domain",
    "Doubt",
    "Due",
    "Ending",
    "KeyCheck",
    "LaneTurn",
    "OffBoarding",
    "Pause",
    "PauseScope",
    "ReconnectMail",
    "Share",
    "Switch",
    "TenantKey",
]
