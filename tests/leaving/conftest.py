from tests.hmrc_oauth.fixtures import time

__all__ = ["time"]
