import { fill, h, type Child } from "./dom.js";
import { form, type FormOptions } from "./forms.js";
import { problemBox } from "./problem.js";
import { type Next, lead } from "./router.js";

interface ActionOptions {
  kind?: "quiet" | "danger";
  /** Asked before it is done. */
  confirm?: string;
}

/** A button that does something, and tells beside it if that is refused. */
export function action(words: string, act: () => Promise<Next | void>, { kind, confirm }: ActionOptions = {}): HTMLElement {
  const refusal = h("span", {});
  let busy = false;
  async function press(): Promise<void> {
    if (busy) return;
    busy = true;
    button.setAttribute("aria-busy", "true");
    fill(refusal);
    try {
      const next = await act();
      if (button.isConnected) lead(next);
    } catch (error) {
      fill(refusal, problemBox(error));
    } finally {
      busy = false;
      button.removeAttribute("aria-busy");
    }
  }
  const ask = (): void => inDialog({ title: words, words: [confirm], fields: [], submit: words, send: press });
  const button = h("button", { type: "button", class: kind, onclick: confirm ? ask : press }, words);
  return h("span", { class: "action" }, button, refusal);
}

/** A form in a dialog, which closes once it is sent. The browser keeps the focus inside, and gives it back. */
export function inDialog({ title, words, ...options }: FormOptions & { title: string; words: Child[] }): void {
  const name = h("h2", { id: "dialog-title" }, title);
  const close = (): void => dialog.close();
  const send: FormOptions["send"] = async (values) => {
    const next = await options.send(values);
    close();
    return next;
  };
  const inside = form({ ...options, send });
  inside.querySelector(".actions")?.append(h("button", { type: "button", class: "quiet", onclick: close }, "Cancel"));
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, name, ...words.map((each) => h("p", {}, each)), inside);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** What is shown once and never again. It takes the focus. */
export function onceOnly(title: string, ...content: Child[]): HTMLElement {
  const box = h("section", { class: "once", tabindex: "-1", "aria-label": title }, h("h2", {}, title), ...content);
  requestAnimationFrame(() => box.focus());
  return box;
}

/** A secret with a button that copies it. */
export function copyable(secret: string): HTMLElement {
  const said = h("span", { role: "status" });
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret);
    said.textContent = "Copied.";
  };
  return h(
    "p",
    { class: "secret" },
    h("code", {}, secret),
    " ",
    h("button", { type: "button", class: "quiet", onclick: copy }, "Copy"),
    " ",
    said,
  );
}

/** A state as a coloured word. */
export function badge(words: string, mood: "good" | "care" | "bad" | "plain" = "plain"): HTMLElement {
  return h("span", { class: `badge ${mood}` }, words);
}
