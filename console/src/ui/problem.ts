import { isProblem } from "@quarterday/client";

import { h } from "./dom.js";

/** What is wrong with one place of what was sent, by its JSON pointer or `?name`. */
export interface Fault {
  pointer: string;
  detail: string;
}

/** A refusal with the places at fault, where no problem document says them: of the page itself, or of the sign-in. */
export class Refused extends Error {
  constructor(
    readonly detail: string,
    readonly faults: Fault[] = [],
  ) {
    super(detail);
  }
}

interface Told {
  detail: string;
  action: string;
  faults: Fault[];
  requestId: string;
}

/** Whatever was thrown, in words for a person. */
export function told(error: unknown): Told {
  if (isProblem(error)) {
    const { detail, user_action, errors, title } = error.problem;
    // What it says is meant for whoever wrote the page; whoever filled it in is told by the places at fault.
    if (error.code === "request.invalid")
      return { detail: "This can't be taken as it is.", action: "", faults: errors, requestId: error.requestId };
    return { detail: detail || title, action: user_action, faults: errors, requestId: error.requestId };
  }
  if (error instanceof Refused) return { detail: error.detail, action: "", faults: error.faults, requestId: "" };
  if (error instanceof TypeError) {
    return { detail: "There is no connection to the server.", action: "Check your network, and try again.", faults: [], requestId: "" };
  }
  console.error(error);
  return { detail: "Something went wrong on this page.", action: "Reload it, and try again.", faults: [], requestId: "" };
}

/** Detail, what to do, the places at fault, and the request id to name to the operator. */
export function problemBox(error: unknown): HTMLElement {
  const { detail, action, faults, requestId } = told(error);
  return h(
    "div",
    { class: "problem", role: "alert" },
    h("p", { class: "strong" }, detail),
    faults.length > 0 && h("ul", {}, ...faults.map((fault) => h("li", {}, `${place(fault.pointer)}${fault.detail}`))),
    action && h("p", {}, action),
    requestId && h("p", { class: "quiet" }, "Request ", h("code", {}, requestId)),
  );
}

const place = (pointer: string): string => (pointer ? `${pointer.replace(/^[/?]/, "")}: ` : "");
