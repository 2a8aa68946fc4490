import type { ERROR_CODES } from "./codes.js";
import type { components } from "./schema.js";

/** A stable code. More may come: treat one you do not know by its status. */
export type ErrorCode = (typeof ERROR_CODES)[number];
export type Problem = components["schemas"]["Problem"];

/** A refusal: what the API said, as it said it. */
export class QuarterdayError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Name it to the operator. */
  readonly requestId: string;

  constructor(
    readonly problem: Problem,
    readonly response: Response,
  ) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "QuarterdayError";
    this.code = problem.code;
    this.status = problem.status;
    this.retryable = problem.retryable;
    this.requestId = problem.request_id;
  }

  /** What is wrong with one place of what was sent, by its JSON pointer or `?name`. */
  at(pointer: string): { code: string; detail: string } | undefined {
    return this.problem.errors.find((each) => each.pointer === pointer);
  }
}

/** Whether an error is a refusal; of this code, if one is given. */
export function isProblem(error: unknown, code?: ErrorCode): error is QuarterdayError {
  return error instanceof QuarterdayError && (code === undefined || error.code === code);
}

/** The problem of an answer, if it is one. The answer stays unread. */
export async function problemOf(response: Response): Promise<Problem | undefined> {
  const kind = response.headers.get("content-type") ?? "";
  return kind.startsWith("application/problem+json") ? ((await response.clone().json()) as Problem) : undefined;
}
