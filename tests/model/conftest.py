from tests.hmrc_oauth.fixtures import door, grant, landlord, stale, time
from tests.model.stage import stage

__all__ = ["door", "grant", "landlord", "stage", "stale", "time"]
