import { h } from "./dom.js";

const polite = h("div", { class: "hidden", role: "status", "aria-live": "polite" });
const urgent = h("div", { class: "hidden", role: "alert", "aria-live": "assertive" });

/** The places that screen readers listen to. They must be in the page before anything is said. */
export function mountLive(): void {
  document.body.append(polite, urgent);
}

/** Say a change to those who don't see it. */
export function say(words: string, how: "politely" | "at once" = "politely"): void {
  const place = how === "politely" ? polite : urgent;
  place.textContent = "";
  // Said twice, the same words are a change only if they were gone between.
  requestAnimationFrame(() => (place.textContent = words));
}
