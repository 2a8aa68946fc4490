from tests.hmrc_oauth.fixtures import door, first, grant, landlord, time, turned_away

__all__ = ["door", "first", "grant", "landlord", "time", "turned_away"]
