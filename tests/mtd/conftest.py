from tests.hmrc_oauth.fixtures import door, grant, landlord, time

__all__ = ["door", "grant", "landlord", "time"]
