import { problemOf } from "./problem.js";

export interface Patience {
  /** How often a request is sent at most. */
  tries: number;
  /** Seconds to wait where the answer says none: doubled with each try. */
  wait: number;
  /** No wait is longer, in seconds: what would take longer is given back as it is. */
  longest: number;
}

type Fetch = (request: Request) => Promise<Response>;

/**
 * A fetch that gives every POST an Idempotency-Key and repeats what may be repeated, under the same key: an answer that
 * says it is `retryable`, and a connection that broke.
 */
export function patient(fetch: Fetch, patience: Patience): Fetch {
  return async (request) => {
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    for (let tried = 1; ; tried++) {
      const last = tried >= patience.tries;
      const answer = await attempt(fetch, request, last);
      const seconds = answer && !last ? await waitAfter(answer, patience, tried) : undefined;
      if (answer && seconds === undefined) return answer;
      await pause(seconds ?? patience.wait * 2 ** (tried - 1), request.signal);
    }
  };
}

async function attempt(fetch: Fetch, request: Request, last: boolean): Promise<Response | undefined> {
  try {
    return await fetch(request.clone());
  } catch (error) {
    if (last || request.signal.aborted) throw error;
    return undefined;
  }
}

/** Seconds; undefined for an answer that is to be given back. */
async function waitAfter(answer: Response, patience: Patience, tried: number): Promise<number | undefined> {
  if (answer.ok || !(await problemOf(answer))?.retryable) return undefined;
  const said = Number(answer.headers.get("Retry-After") ?? NaN);
  const seconds = Number.isFinite(said) ? said : patience.wait * 2 ** (tried - 1);
  return seconds <= patience.longest ? seconds : undefined;
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const stop = () => (clearTimeout(timer), fail(signal.reason));
    const timer = setTimeout(() => (signal.removeEventListener("abort", stop), done()), seconds * 1000);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
