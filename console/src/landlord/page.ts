import { type Child, fill, h } from "../ui/dom.js";
import { mountLive, say } from "../ui/live.js";

const main = h("main", { id: "main" });
const owner = h("p", { class: "owner" });
const foot = h("footer");
let shown = 0;

/** The frame that stays while its pages change. */
export function mount(agency: string, ...footer: Child[]): void {
  if (!main.isConnected) {
    document.body.append(h("header", {}, owner), main, foot);
    mountLive();
  }
  fill(owner, agency);
  fill(foot, ...footer);
}

/** The next page: its title becomes the heading and the tab's name, and the reader is put there. */
export function show(title: string, ...content: Child[]): void {
  shown += 1;
  const heading = h("h1", { tabindex: "-1" }, title);
  fill(main, heading, ...content);
  document.title = [title, owner.textContent].filter(Boolean).join(" – ");
  scrollTo(0, 0);
  heading.focus();
}

/** Whether the page that is shown when this is called is still shown later. */
export function stays(): () => boolean {
  const then = shown;
  return () => then === shown;
}

/** A line that tells how far something is, to the eye and to the ear. */
export function progress(words: string): { line: HTMLElement; tell: (words: string) => void } {
  const line = h("p", { class: "progress" }, words);
  const tell = (next: string) => {
    if (line.textContent === next) return;
    line.textContent = next;
    say(next);
  };
  say(words);
  return { line, tell };
}

export const p = (...content: Child[]): HTMLElement => h("p", {}, ...content);
export const h2 = (text: string): HTMLElement => h("h2", {}, text);
export const list = (...items: Child[]): HTMLElement => h("ul", {}, ...items.map((item) => h("li", {}, item)));
export const link = (href: string, text: string): HTMLElement => h("a", { href }, text);
