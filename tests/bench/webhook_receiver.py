"""`python -m tests.bench.webhook_receiver PORT FILE SHARE`: somebody's server, which fails that share of requests.

Each event that it takes is a line of the file, written before it answers: what it says that it took, it has.
"""

import asyncio
import json
import random
import sys
from typing import TextIO


async def serve(port: int, log: TextIO, share: float) -> None:
    """Until somebody ends the process."""
    chance = random.Random(7).random

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if line)
                body = json.loads(await reader.readexactly(int(headers["content-length"])))
                failed = chance() < share
                if not failed:
                    path, data = head.split(" ", 2)[1], body["data"]
                    log.write(f"{path} {headers['webhook-id']} {data['subject_id']} {data['place']}\n")
                    log.flush()
                said = b"500 Broken" if failed else b"200 OK"
                writer.write(b"HTTP/1.1 " + said + b"\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with open(sys.argv[2], "a") as lines:  # noqa: PTH123 - a stand-alone program
        asyncio.run(serve(int(sys.argv[1]), lines, float(sys.argv[3])))
