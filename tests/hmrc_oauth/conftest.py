from tests.hmrc_oauth.fixtures import door, first, grant, landlord, stale, time, turned_away

__all__ = ["door", "first", "grant", "landlord", "stale", "time", "turned_away"]
