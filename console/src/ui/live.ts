import { h } from "./dom.js";

let over: ReturnType<typeof setTimeout>;
const places: Partial<Record<"politely" | "at once", HTMLElement>> = {};

/** The places that screen readers listen to. They must be in the page before anything is said. */
export function mountLive(): void {
  places.politely = h("div", { class: "hidden", role: "status", "aria-live": "polite" });
  places["at once"] = h("div", { class: "hidden", role: "alert", "aria-live": "assertive" });
  document.body.append(places.politely, places["at once"]);
}

/** Say a change to those who don't see it. */
export function say(words: string, how: "politely" | "at once" = "politely"): void {
  const place = places[how];
  if (!place) return;
  place.textContent = "";
  // Said twice, the same words are a change only if they were gone between.
  requestAnimationFrame(() => (place.textContent = words));
  clearTimeout(over);
  over = setTimeout(() => (place.textContent = ""), 10_000);
}
