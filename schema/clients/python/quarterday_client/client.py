"""The client: every operation as a method, pages as one, operations as they go on."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any

import requests

from quarterday_client.operations import Operations
from quarterday_client.problem import QuarterdayError, problem_of
from quarterday_client.sending import Answer
from quarterday_client.types import OperationOut


class Quarterday(Operations):
    """The API, typed: `Quarterday("https://agency.example", bearer="qd_live_…").landlords_list().data["results"]`."""

    def every(self, listing: Callable[..., Answer[Any]], *ids: str, **params: Any) -> Iterator[Any]:
        """All that a list holds, page by page: `every(client.landlords_list, tag="new")`."""
        cursor: Mapping[str, Any] = {}
        while True:
            page = listing(*ids, params={"limit": 100, **params, **cursor}).data
            yield from page["results"]
            if page["next"] is None or not page["results"]:
                return
            cursor = {"cursor": page["next"]}

    def follow(self, events_url: str, *, wait: float = 1) -> Iterator[OperationOut]:
        """An operation, each time it has changed, until it is over. Raises QuarterdayError."""
        last = ""
        while True:
            try:
                for name, event, data in self._messages(events_url, last):
                    last = name or last
                    if event == "operation":
                        operation: OperationOut = json.loads(data)
                        yield operation
                        if operation["finished_at"] is not None:
                            return
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                pass  # gone on with where it was
            time.sleep(wait)

    def _messages(self, url: str, last: str) -> Iterator[tuple[str, str, str]]:
        headers = {**self.headers, "Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
        with self.session.get(url, headers=headers, stream=True, timeout=(self.timeout, None)) as answer:
            problem = problem_of(answer)
            if problem is not None:
                raise QuarterdayError(problem)
            said = {"id": "", "event": "message", "data": ""}
            for raw in answer.iter_lines(chunk_size=1):
                name, _, value = raw.decode().partition(":")
                value = value.removeprefix(" ")
                if name == "data":
                    said["data"] += f"\n{value}" if said["data"] else value
                elif name in said:
                    said[name] = value
                elif not raw and said["data"]:
                    yield said["id"], said["event"], said["data"]
                    said |= {"event": "message", "data": ""}


def fraud_context_snippet() -> str:
    """The script that collects in a browser what POST /fraud-contexts wants, to be served by your own pages."""
    return files("quarterday_client").joinpath("snippet.js").read_text()
