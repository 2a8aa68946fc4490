import {
  QuarterdayError,
  type Operation,
  type Quarterday,
  type components,
  credentials,
  follow,
  quarterday,
  quarterdayFraudContext,
} from "@quarterday/client";

export type Schemas = components["schemas"];

/** The API, as whoever is signed in. */
export let api: Quarterday;

const KEY = "quarterday.session";
let baseUrl = "";
let lost: () => void = () => {};

/** The key of the session: in this tab alone, and no cookie, so that a browser that blocks cookies of others serves as well. */
export const sessionToken = (): string => sessionStorage.getItem(KEY) ?? "";

/** `whenLost` is called when the API knows the session no more. */
export function setUp(apiUrl: string, whenLost: () => void): void {
  baseUrl = apiUrl;
  lost = whenLost;
  keepSession(sessionToken());
}

/** Go on as the session with this key; as nobody, without one. */
export function keepSession(token: string): void {
  token ? sessionStorage.setItem(KEY, token) : sessionStorage.removeItem(KEY);
  api = asSession(token);
}

/** The API as a session that is not signed in yet: between the password and the second factor. */
export const asSession = (token: string): Quarterday => quarterday({ baseUrl, fetch: guarded, ...(token ? { sessionToken: token } : {}) });

/** What a call was answered with. A refusal was thrown already. */
export async function got<T>(asked: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await asked;
  if (data === undefined && response.status !== 204) throw new Error(`an answer without a body: ${response.status}`);
  return data as T;
}

/** An operation each time it changes, until it is over. */
export async function* watch(id: string, signal: AbortSignal): AsyncGenerator<Operation> {
  const now = await got(api.GET("/api/v1/operations/{operation_id}", { params: { path: { operation_id: id } }, signal }));
  yield now;
  if (now.finished_at) return;
  yield* follow(now.events_url, { headers: credentials({ sessionToken: sessionToken() }), fetch: guarded, signal });
}

/** An operation once it is over. */
export async function settled(id: string, signal: AbortSignal): Promise<Operation> {
  let last: Operation | undefined;
  for await (const now of watch(id, signal)) last = now;
  if (!last) throw new Error("an operation without a state");
  return last;
}

/** A call for each page of a change, done apart from the page: nothing of it is thrown once the page is left. */
export function meanwhile(signal: AbortSignal, work: () => Promise<void>, failed: (error: unknown) => void): void {
  work().catch((error: unknown) => {
    if (!signal.aborted) failed(error);
  });
}

/** Keys for what is asked for: the same for the same content, so that what is pressed twice is done once. */
export function keys(): (content: unknown) => { "Idempotency-Key": string } {
  let last = "";
  let key = "";
  return (content) => {
    const now = JSON.stringify(content);
    if (now !== last) [last, key] = [now, crypto.randomUUID()];
    return { "Idempotency-Key": key };
  };
}

/** What HMRC must be told of this browser, collected at the click. */
export async function fraudContext(landlordId?: string): Promise<string> {
  const body = { ...(quarterdayFraudContext() as Schemas["FraudContextInRequest"]), ...(landlordId ? { landlord_id: landlordId } : {}) };
  return (await got(api.POST("/api/v1/fraud-contexts", { body }))).id;
}

/** Names for the ids of landlords that a list tells. */
export async function names(ids: (string | null | undefined)[]): Promise<(id: string | null | undefined) => string> {
  const wanted = [...new Set(ids)].filter((id): id is string => Boolean(id)).slice(0, 100);
  if (!wanted.length) return () => "";
  const { results } = await got(api.GET("/api/v1/landlords", { params: { query: { ids: wanted, limit: 100 } } }));
  const known = new Map(results.map((each) => [each.id, `${each.full_name} (${each.reference})`]));
  return (id) => (id ? (known.get(id) ?? id) : "");
}

/** Hand a text to the person as a file. */
export function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A 401 anywhere but at the sign-in itself means that the session is over. */
async function guarded(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const answer = await fetch(input, init);
  const over =
    (answer.status === 401 && !answer.url.includes("/_allauth/")) || (answer.status === 410 && answer.url.includes("/_allauth/"));
  if (over && sessionToken()) lost();
  return answer;
}

export const isStale = (error: unknown): boolean => error instanceof QuarterdayError && error.status === 412;
