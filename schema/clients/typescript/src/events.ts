import { QuarterdayError, problemOf } from "./problem.js";
import type { components } from "./schema.js";

export type Operation = components["schemas"]["OperationOut"];

/** One message of a stream of events. */
export interface Message {
  id: string;
  event: string;
  data: string;
}

export interface Following {
  /** The ordinary headers: an EventSource could send none. */
  headers: HeadersInit;
  fetch?: typeof fetch;
  signal?: AbortSignal;
  /** Seconds before a stream that broke off is opened again, until the server names another while. */
  wait?: number;
}

/** An operation, each time it has changed, until it is over. What breaks off is gone on with where it was. */
export async function* follow(eventsUrl: string, how: Following): AsyncGenerator<Operation> {
  let last = "";
  let wait = how.wait ?? 1;
  for (;;) {
    try {
      for await (const message of read(await open(eventsUrl, how, last), (seconds) => (wait = seconds))) {
        last = message.id || last;
        if (message.event !== "operation") continue;
        const operation = JSON.parse(message.data) as Operation;
        yield operation;
        if (operation.finished_at !== null) return;
      }
    } catch (error) {
      if (how.signal?.aborted || (error instanceof QuarterdayError && !error.retryable)) throw error;
    }
    await new Promise((done) => setTimeout(done, wait * 1000));
  }
}

async function open(url: string, how: Following, last: string): Promise<Response> {
  const headers = new Headers(how.headers);
  headers.set("Accept", "text/event-stream");
  if (last) headers.set("Last-Event-ID", last);
  const answer = await (how.fetch ?? fetch)(url, { headers, signal: how.signal ?? null });
  const problem = await problemOf(answer);
  if (problem) throw new QuarterdayError(problem, answer);
  return answer;
}

/** The messages of one stream, as the HTML standard reads them. `wait` hears of `retry`, in seconds. */
export async function* read(answer: Response, wait: (seconds: number) => void = () => {}): AsyncGenerator<Message> {
  let message: Message = { id: "", event: "message", data: "" };
  for await (const line of lines(answer)) {
    if (line === "") {
      if (message.data) yield { ...message, data: message.data.slice(0, -1) };
      message = { id: message.id, event: "message", data: "" };
      continue;
    }
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "data") message.data += `${value}\n`;
    else if (name === "event") message.event = value ?? "";
    else if (name === "id") message.id = value ?? "";
    else if (name === "retry" && /^\d+$/.test(value ?? "")) wait(Number(value) / 1000);
  }
}

async function* lines(answer: Response): AsyncGenerator<string> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  try {
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return;
      const found = (rest + chunk.value).split(/\r\n|\n|\r(?!$)/);
      rest = found.pop() ?? "";
      yield* found;
    }
  } finally {
    await reader?.cancel();
  }
}
