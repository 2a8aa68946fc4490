import createClient, { type Client } from "openapi-fetch";

import { QuarterdayError, problemOf } from "./problem.js";
import type { paths } from "./schema.js";
import { type Patience, patient } from "./sending.js";

/** Who calls: one of them, or none for a page of the agency's own host that has its cookie. */
export interface Who {
  /** `qd_live_…`, `qd_test_…`, a landlord's `qdl_…`. */
  bearer?: string;
  /** A member of staff, signed in at /_allauth/app/v1. */
  sessionToken?: string;
  /** What the cookie quarterday_csrf says, for a page that calls with its cookie. */
  csrfToken?: string;
}

export interface Options extends Who {
  /** Such as https://agency.example. */
  baseUrl: string;
  patience?: Partial<Patience>;
  fetch?: (request: Request) => Promise<Response>;
}

export type Quarterday = Client<paths>;

/** The API, typed. A refusal is thrown as a QuarterdayError. */
export function quarterday(options: Options): Quarterday {
  const patience = { tries: 4, wait: 0.5, longest: 30, ...options.patience };
  const client = createClient<paths>({
    baseUrl: options.baseUrl,
    headers: credentials(options),
    fetch: patient(options.fetch ?? ((request) => fetch(request)), patience),
    ...(options.csrfToken ? { credentials: "include" as const } : {}),
  });
  client.use({
    async onResponse({ response }) {
      const problem = await problemOf(response);
      if (problem) throw new QuarterdayError(problem, response);
    },
  });
  return client;
}

/** The headers that say who calls: for `follow`, too. */
export function credentials(who: Who): Record<string, string> {
  return {
    ...(who.bearer ? { Authorization: `Bearer ${who.bearer}` } : {}),
    ...(who.sessionToken ? { "X-Session-Token": who.sessionToken } : {}),
    ...(who.csrfToken ? { "X-CSRFToken": who.csrfToken } : {}),
  };
}

/** For a change of what was answered, and of nothing newer: `headers: ifMatch(response)`. */
export function ifMatch(answered: Response): Record<string, string> {
  const tag = answered.headers.get("ETag");
  return tag === null ? {} : { "If-Match": tag };
}
