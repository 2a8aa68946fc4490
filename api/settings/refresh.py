"""When tokens are renewed (docs/refresh.md)."""

from api.settings import env
from hmrc_oauth.policy import Policy

_policy = env.text("REFRESH_POLICY", Policy.WORKING)
if _policy not in set(Policy):
    env.refuse("REFRESH_POLICY", "must be " + ", ".join(Policy))
REFRESH_POLICY = Policy(_policy)

try:
    REFRESH_SHARE = float(env.text("REFRESH_SHARE", "0.20"))
except ValueError:
    REFRESH_SHARE = 0.0
if not 0 < REFRESH_SHARE <= 1:
    env.refuse("REFRESH_SHARE", "must be a share of the pace, above 0 and up to 1")
