// What the client does by itself, against a server that answers what the test wants.
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { ERROR_CODES, follow, ifMatch, isProblem, quarterday, type Quarterday } from "../src/index.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that gives these answers, one after the other, and keeps what it was asked. */
async function serving(answers: Answer[], use: (url: string, seen: IncomingMessage[]) => Promise<void>): Promise<void> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    const answer = answers.shift();
    if (answer) answer(request, response);
    else response.writeHead(599).end();
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const refuse = (status: number, code: string, retryable: boolean, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response
      .writeHead(status, { "Content-Type": "application/problem+json", ...headers })
      .end(JSON.stringify({ code, status, retryable, detail: code, errors: [{ pointer: "/nino", code: "invalid", detail: "No." }] }));
const made: Answer = (_, response) =>
  response.writeHead(201, { "Content-Type": "application/json", ETag: '"1"' }).end(JSON.stringify({ full_name: "Lena" }));
const hangUp: Answer = (request) => request.socket.destroy();

const at = (url: string): Quarterday => quarterday({ baseUrl: url, bearer: "qd_test_x", patience: { wait: 0.01 } });
const create = (api: Quarterday) => api.POST("/api/v1/landlords", { body: { full_name: "Lena" } });

test("what may be repeated is, under the same key, until it is done", async () => {
  await serving([refuse(503, "service.unavailable", true, { "Retry-After": "0" }), hangUp, made], async (url, seen) => {
    const { data, response } = await create(at(url));

    assert.equal(data?.full_name, "Lena");
    assert.deepEqual(ifMatch(response), { "If-Match": '"1"' });
    assert.equal(seen.length, 3);
    assert.equal(new Set(seen.map((each) => each.headers["idempotency-key"])).size, 1);
    assert.equal(seen[0]?.headers.authorization, "Bearer qd_test_x");
  });
});

test("two things asked have two keys, and one that is given is kept", async () => {
  await serving([made, made, made], async (url, seen) => {
    const api = at(url);
    await create(api);
    await create(api);
    await api.POST("/api/v1/landlords", { body: { full_name: "Lena" }, headers: { "Idempotency-Key": "mine" } });

    const keys = seen.map((each) => each.headers["idempotency-key"]);
    assert.equal(new Set(keys).size, 3);
    assert.equal(keys[2], "mine");
  });
});

test("what may not be repeated is thrown as what it is", async () => {
  await serving([refuse(422, "request.invalid", false)], async (url, seen) => {
    await assert.rejects(create(at(url)), (error) => {
      assert.ok(isProblem(error, "request.invalid"));
      assert.equal(error.at("/nino")?.code, "invalid");
      return true;
    });
    assert.equal(seen.length, 1);
  });
});

test("who would have to wait too long is told at once", async () => {
  await serving([refuse(429, "request.slow_down", true, { "Retry-After": "3600" })], async (url, seen) => {
    await assert.rejects(create(at(url)), (error) => isProblem(error, "request.slow_down"));
    assert.equal(seen.length, 1);
  });
});

test("after the last try the refusal is thrown", async () => {
  await serving(Array(4).fill(refuse(503, "service.unavailable", true)), async (url, seen) => {
    await assert.rejects(create(at(url)), (error) => isProblem(error, "service.unavailable"));
    assert.equal(seen.length, 4);
  });
});

test("an operation is followed over a broken stream to its end", async () => {
  const stream = (text: string[], end: boolean): Answer => (_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    for (const each of text) response.write(each);
    if (end) response.end();
    else setTimeout(() => response.destroy(), 30);
  };
  const first = stream([": hello\r\n\r\nretry: 5\nid: 7\nevent: oper", 'ation\ndata: {"progress": 0.5,\ndata: "finished_at": null}\n\n'], false);
  const second = stream(['id: 8\nevent: operation\ndata: {"progress": 1, "finished_at": "2026-11-22T09:00:00Z"}\n\n'], true);
  await serving([first, second], async (url, seen) => {
    const heard = [];
    for await (const each of follow(`${url}/events`, { headers: { Authorization: "Bearer x" } })) heard.push(each.progress);

    assert.deepEqual(heard, [0.5, 1]);
    assert.deepEqual(seen.map((each) => each.headers["last-event-id"]), [undefined, "7"]);
    assert.equal(seen[1]?.headers.accept, "text/event-stream");
  });
});

test("a stream that is refused is thrown", async () => {
  await serving([refuse(404, "not_found", false)], async (url) => {
    await assert.rejects(follow(url, { headers: {} }).next(), (error) => isProblem(error, "not_found"));
  });
});

test("the codes are all there", () => {
  assert.ok(ERROR_CODES.includes("hmrc.reconnect_required"));
  assert.equal(new Set(ERROR_CODES).size, ERROR_CODES.length);
});
