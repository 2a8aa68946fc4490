import { fill, h, type Child } from "./dom.js";
import { say } from "./live.js";
import { problemBox } from "./problem.js";

/** A page asked for. What it still does ends with `signal`, when another is asked for. */
export interface Visit {
  params: Record<string, string>;
  query: URLSearchParams;
  signal: AbortSignal;
}

export interface Page {
  title: string;
  body: Child[];
}

export type Show = (visit: Visit) => Page | Promise<Page>;
/** Paths such as `/landlords/:id`. */
export type Routes = Record<string, Show>;

interface Options {
  main: HTMLElement;
  routes: Routes;
  /** Called before each page: may send elsewhere by returning an address. */
  before: (path: string) => string | null;
  /** Called with each page that is shown. */
  after: (page: Page) => void;
}

let router: (said?: string) => Promise<void> = async () => {};

/** Show another page. `said` is shown above it, and read out. */
export function go(address: string, { replace = false, said = "" } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", address);
  scrollTo(0, 0);
  void router(said);
}

/** Show this page anew. */
export const refresh = (said = ""): void => void router(said);

/** Where one is led by something that was done, unless one has left meanwhile. `said` is shown there, and read out. */
export interface Next {
  to: string | null;
  said: string;
}

export const to = (address: string, said = ""): Next => ({ to: address, said });
/** This page, anew. */
export const again = (said: string): Next => ({ to: null, said });

export function lead(next: Next | void): void {
  if (!next) return;
  next.to === null ? refresh(next.said) : go(next.to, { said: next.said });
}

/** Where one is, to come back to. */
export const here = (): string => location.pathname + location.search;

export function start(options: Options): void {
  let leave = new AbortController();
  router = async (said = "") => {
    const elsewhere = options.before(location.pathname);
    if (elsewhere !== null) return go(elsewhere, { replace: true });
    leave.abort();
    leave = new AbortController();
    const { signal } = leave;
    options.main.setAttribute("aria-busy", "true");
    const page = await shown(options.routes, signal);
    if (signal.aborted) return;
    options.main.removeAttribute("aria-busy");
    mount(options.main, page, said);
    options.after(page);
  };
  addEventListener("popstate", () => void router());
  document.addEventListener("click", (event) => follow(event, options.routes));
  void router();
}

/** The page of a path, with what its colons stand for. */
export function match(routes: Routes, path: string): { show: Show; params: Record<string, string> } | null {
  const asked = path.split("/").filter(Boolean);
  for (const [pattern, show] of Object.entries(routes)) {
    const parts = pattern.split("/").filter(Boolean);
    const fits = parts.length === asked.length && parts.every((part, at) => part.startsWith(":") || part === asked[at]);
    if (!fits) continue;
    const named = parts.flatMap((part, at): [string, string][] => (part.startsWith(":") ? [[part.slice(1), decoded(asked[at])]] : []));
    return { show, params: Object.fromEntries(named) };
  }
  return null;
}

async function shown(routes: Routes, signal: AbortSignal): Promise<Page> {
  const found = match(routes, location.pathname);
  if (!found) return { title: "There is no such page", body: [h("p", {}, h("a", { href: "/" }, "Go to the first page"))] };
  try {
    return await found.show({ params: found.params, query: new URLSearchParams(location.search), signal });
  } catch (error) {
    return { title: "This page can't be shown", body: [problemBox(error)] };
  }
}

function mount(main: HTMLElement, page: Page, said: string): void {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  const title = h("h1", { tabindex: "-1" }, page.title);
  fill(main, title, said && h("p", { class: "said" }, said), ...page.body);
  title.focus({ preventScroll: true });
  if (said) say(said);
}

function follow(event: MouseEvent, routes: Routes): void {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
  const raw = link.getAttribute("href") ?? "";
  if (raw.startsWith("#") || link.origin !== location.origin || !match(routes, link.pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

function decoded(part = ""): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
