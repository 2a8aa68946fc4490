import { isProblem } from "@quarterday/client";

import { type Child, fill, h } from "../ui/dom.js";
import { say } from "../ui/live.js";
import { SignedOut } from "./store.js";
import { explain } from "./words.js";

/** What to do when the landlord's session is over: the one way on, wherever that happens. */
let onSignedOut = (): void => {};
export function whenSignedOut(go: () => void): void {
  onSignedOut = go;
}

export interface Field {
  root: HTMLElement;
  input: HTMLInputElement;
  /** Say at the field what is wrong with it, and put the reader there. "" takes it back. */
  fault: (words: string, ...more: Child[]) => void;
}

/** A labelled field with a hint; what is wrong with it stands at it, and is read with it. */
export function field(name: string, label: string, hint: string, attributes: Record<string, string>): Field {
  const input = h("input", { id: name, name, "aria-describedby": `${name}-hint`, ...attributes });
  const wrong = h("div", { id: `${name}-fault`, class: "fault", hidden: true });
  const fault = (words: string, ...more: Child[]) => {
    fill(wrong, h("p", {}, words), ...more);
    wrong.hidden = !words;
    input.toggleAttribute("aria-invalid", false);
    if (words) input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", words ? `${name}-hint ${name}-fault` : `${name}-hint`);
    if (!words) return;
    say(words, "at once");
    input.focus();
  };
  const root = h(
    "div",
    { class: "field" },
    h("label", { for: name }, label),
    h("p", { id: `${name}-hint`, class: "hint" }, hint),
    wrong,
    input,
  );
  return { root, input, fault };
}

/** A form of one button. `hear` may take a refusal upon itself, such as one of a field's; else it is told above the button. */
export function form(
  button: string,
  run: () => Promise<void> | void,
  hear: (error: unknown) => boolean,
  ...content: Child[]
): HTMLFormElement {
  const press = h("button", {}, button);
  const told = h("p", { class: "fault", hidden: true });
  const submit = (event: Event) => {
    event.preventDefault();
    void attempt(press, told, run, hear);
  };
  return h("form", { novalidate: true, onsubmit: submit }, ...content, told, press);
}

/** A button that stands alone. */
export const action = (text: string, run: () => Promise<void> | void, kind = ""): HTMLFormElement => {
  const made = form(text, run, () => false);
  made.className = kind;
  return made;
};

/** Run what a person asked for, once at a time, and say what went wrong if it does. */
async function attempt(
  press: HTMLButtonElement,
  told: HTMLElement,
  run: () => Promise<void> | void,
  hear: (error: unknown) => boolean,
): Promise<void> {
  // Not `disabled`: the reader would be thrown off the button.
  if (press.getAttribute("aria-disabled") === "true") return;
  press.setAttribute("aria-disabled", "true");
  told.hidden = true;
  const slow = setTimeout(() => say("One moment, please."), 1000);
  try {
    await run();
  } catch (error) {
    if (hear(error)) return;
    if (isSignedOut(error)) onSignedOut();
    else tellAt(told, explain(error));
  } finally {
    clearTimeout(slow);
    press.removeAttribute("aria-disabled");
  }
}

function tellAt(place: HTMLElement, words: string): void {
  place.textContent = words;
  place.hidden = false;
  say(words, "at once");
}

/** Whether the API no longer knows this tab's landlord. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof SignedOut || (isProblem(error) && error.status === 401);
}
