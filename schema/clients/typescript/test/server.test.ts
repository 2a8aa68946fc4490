// Against a running Quarterday: QUARTERDAY_URL, QUARTERDAY_KEY.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ERROR_CODES, ifMatch, isProblem, quarterday, quarterdayFraudContext, type ErrorCode } from "../src/index.js";

const baseUrl = process.env.QUARTERDAY_URL ?? "";
const bearer = process.env.QUARTERDAY_KEY ?? "";
const api = quarterday({ baseUrl, bearer });
const options = { skip: baseUrl === "" && "no server is named" };

test("a landlord is recorded, found, changed at its version and not at an older one", options, async () => {
  const made = await api.POST("/api/v1/landlords", { body: { full_name: "Tessa Typescript", tags: ["ts"] } });
  const path = { landlord_id: made.data?.id ?? "" };
  const headers = ifMatch(made.response);
  const changed = await api.PATCH("/api/v1/landlords/{landlord_id}", { params: { path }, body: { full_name: "Tessa" }, headers });
  const stale = api.PATCH("/api/v1/landlords/{landlord_id}", { params: { path }, body: { full_name: "Tom" }, headers });

  assert.equal(changed.data?.full_name, "Tessa");
  await assert.rejects(stale, (error) => isProblem(error, "request.stale"));
  const { data: page } = await api.GET("/api/v1/landlords", { params: { query: { tag: "ts", limit: 1 } } });
  assert.equal(page?.results[0]?.id, path.landlord_id);
});

test("a repeated request is answered and not done again", options, async () => {
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const [first, again] = [await make(), await make()];

  assert.equal(again.data?.id, first.data?.id);
  assert.equal(again.response.headers.get("Idempotent-Replayed"), "true");

  function make() {
    return api.POST("/api/v1/landlords", { body: { full_name: "Tina" }, headers });
  }
});

test("a refusal has a code of the list, a request id and places", options, async () => {
  await assert.rejects(api.POST("/api/v1/landlords", { body: { full_name: "" } }), (error) => {
    assert.ok(isProblem(error, "request.invalid"));
    assert.ok(error.requestId);
    assert.equal(error.at("/full_name")?.code, "blank");
    return true;
  });
});

test("nobody without a key is let in", options, async () => {
  await assert.rejects(quarterday({ baseUrl }).GET("/api/v1/me"), (error) => isProblem(error, "auth.required"));
});

test("the codes are the server's", options, async () => {
  const { data } = await api.GET("/api/v1/errors");
  const known: readonly ErrorCode[] = ERROR_CODES;

  assert.deepEqual(data?.results.map((each) => each.code).sort(), [...known].sort());
});

test("what a browser says of itself is taken", options, async () => {
  Object.assign(globalThis, {
    screen: { width: 1920, height: 1080, colorDepth: 24 },
    devicePixelRatio: 1,
    innerWidth: 1200,
    innerHeight: 800,
    localStorage: { getItem: () => null, setItem: () => undefined },
  });
  const { data } = await api.POST("/api/v1/fraud-contexts", {
    body: quarterdayFraudContext() as never,
  });

  assert.equal(data?.connection_method, "WEB_APP_VIA_SERVER");
});
