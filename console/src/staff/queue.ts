import { h, type Child } from "../ui/dom.js";
import { facts } from "../ui/tables.js";
import { moment, number, percent, words } from "../ui/words.js";
import type { Schemas } from "./client.js";
import { state } from "./moods.js";

/** HMRC's budget, what waits for it, and HMRC's health. */
export function queuePanel(queue: Schemas["QueueOut"]): Child {
  const lanes = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .filter(([, many]) => many)
      .map(([lane, many]) => `${words(lane)} ${number(many)}`)
      .join(", ") || "Nothing";
  const paused = [
    queue.paused_until && `HMRC has asked us to wait until ${moment(queue.paused_until)}.`,
    ...queue.paused.map(({ scope, name, reason }) => `${words(scope)} ${name}: ${reason}`),
  ].filter(Boolean);
  return h(
    "section",
    { class: "panel", "aria-labelledby": "queue" },
    h("h2", { id: "queue" }, "The way to HMRC"),
    facts(
      ["HMRC", h("span", {}, state(queue.hmrc.status), " ", h("a", { href: queue.hmrc.availability_page }, "What HMRC says of itself"))],
      [
        "Budget",
        `${queue.requests_per_second} requests a second${queue.budget_used === null ? "" : `, ${percent(queue.budget_used)} used`}`,
      ],
      ["Waiting, of yours", lanes(queue.own_lanes)],
      ["Waiting, of all", lanes(queue.lanes)],
      ["Until all is gone", queue.estimated_wait_s > 0 ? `about ${number(Math.ceil(queue.estimated_wait_s))} s` : "Nothing waits"],
      ["Standing still", paused.length > 0 && h("ul", {}, ...paused.map((each) => h("li", {}, each)))],
      ["Refused to Quarterday", queue.hmrc.refused_apis.join(", ")],
    ),
  );
}
