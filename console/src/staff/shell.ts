import { h } from "../ui/dom.js";
import type { Page } from "../ui/router.js";
import { sessionToken } from "./client.js";
import { me } from "./me.js";
import { signOut } from "./sign_in.js";

const PLACES = [
  ["/deadlines", "Deadlines"],
  ["/landlords", "Landlords"],
  ["/imports", "Import"],
  ["/campaigns", "Campaigns"],
  ["/connections", "Connections"],
  ["/submissions", "Submissions"],
  ["/webhooks", "Webhooks"],
  ["/keys", "API keys"],
  ["/account", "Your sign-in"],
] as const;
/** Pages that belong to another's place. */
const UNDER: Record<string, string> = { "": "/deadlines", batches: "/submissions", invitations: "/campaigns", connected: "/landlords" };

/** What stands around every page: a way past the navigation, the navigation, and the page's place. */
export function shell(): { parts: HTMLElement[]; main: HTMLElement; after: (page: Page) => void } {
  const main = h("main", { id: "main", tabindex: "-1" });
  const skip = h(
    "a",
    { href: "#main", class: "skip", onclick: (event: Event) => (event.preventDefault(), main.querySelector("h1")?.focus()) },
    "Skip to the page",
  );
  const agency = h("span", { class: "agency" });
  const links = PLACES.map(([path, name]) => h("a", { href: path }, name));
  const menu = h(
    "button",
    { type: "button", class: "menu", "aria-expanded": "false", "aria-controls": "places", onclick: () => open(!isOpen()) },
    "Menu",
  );
  const nav = h(
    "nav",
    { id: "places", "aria-label": "Main" },
    h(
      "ul",
      {},
      ...links.map((link) => h("li", {}, link)),
      h("li", {}, h("button", { type: "button", class: "quiet", onclick: () => void signOut() }, "Sign out")),
    ),
  );
  const isOpen = (): boolean => menu.getAttribute("aria-expanded") === "true";
  const open = (now: boolean): void => menu.setAttribute("aria-expanded", String(now));
  const header = h("header", {}, h("a", { href: "/", class: "brand" }, "Quarterday"), agency, menu, nav);

  /** The title, and where one is in the navigation. */
  async function after(page: Page): Promise<void> {
    open(false);
    const signedIn = sessionToken() !== "";
    header.classList.toggle("anonymous", !signedIn);
    const name = signedIn
      ? await me().then(
          ({ agency_name }) => agency_name,
          () => "",
        )
      : "";
    agency.textContent = name;
    document.title = [page.title, name, "Quarterday"].filter(Boolean).join(" – ");
    const [first = ""] = location.pathname.split("/").filter(Boolean);
    for (const link of links) link.toggleAttribute("aria-current", false);
    const place = UNDER[first] ?? `/${first}`;
    links.find((link) => link.pathname === place)?.setAttribute("aria-current", "page");
  }
  return { parts: [skip, header, main], main, after: (page) => void after(page) };
}
