import { h } from "../ui/dom.js";
import { say } from "../ui/live.js";
import { approvals } from "./approve.js";
import { connectPage } from "./connect.js";
import { action } from "./form.js";
import { mandate } from "./mandate.js";
import { h2, link, list, p, show, stays } from "./page.js";
import { turnedAway } from "./refused.js";
import type { Site } from "./site.js";
import { own, type Schemas } from "./store.js";
import { watch } from "./device.js";
import { day, outcome } from "./words.js";

type Connection = Schemas["ConnectionOut"];

const WORKING = ["active", "refreshing", "uncertain"];

export async function connection(site: Site): Promise<Connection> {
  const { api, landlord_id } = own(site);
  return (await api.GET("/api/v1/landlords/{landlord_id}/connection", { params: { path: { landlord_id } } })).data!;
}

/** Where this landlord stands, and what is to be done about it. */
export async function home(site: Site): Promise<void> {
  const now = await connection(site);
  if (WORKING.includes(now.state)) return connected(site, now);
  if (now.state === "not_authorised") return turnedAway(site, now);
  const { title, body, again } = outcome(now.reason_code ?? "", now.user_action);
  const why = body.map((words) => p(words));
  if (!again) return show(title, ...why);
  if (now.state === "reconnect_required") return connectPage(site, title, ...why);
  if (now.state === "disconnected") return connectPage(site, "Connect to HMRC again", p("You are disconnected at the moment."));
  connectPage(site);
}

/** Nothing is left to do with HMRC; everything that may be done stands below. */
export async function connected(site: Site, now: Connection, isNew = false): Promise<void> {
  // Whatever these answer, it is true that the landlord is connected.
  const [waiting, leaves] = await Promise.all([approvals(site).catch(() => null), mandate(site).catch(() => null)]);
  const until = now.grant_expires_at ? ` Your permission lasts until ${day(now.grant_expires_at)}.` : "";
  const first = isNew
    ? `That’s it for ${site.start.lasts_months} months.`
    : waiting
      ? "Your connection is in order."
      : "There is nothing to do now.";
  const said = h("div", {});
  show(
    "You are connected to HMRC",
    h("p", { class: "good" }, first + until),
    waiting,
    h2("What happens next"),
    said,
    list(
      `${site.start.agency} sends HMRC an update every quarter.`,
      "Before your permission ends you get a link to renew it.",
      "You may close this page. To see how things stand, ask for a fresh link at any time.",
    ),
    leaves,
    leave(site),
  );
  void follow(site, now, said, stays());
}

/** Right after connecting HMRC is asked whether updates can be sent; what it says appears by itself. */
async function follow(site: Site, first: Connection, place: HTMLElement, isHere: () => boolean): Promise<void> {
  const told = ({ readiness }: Connection) => Boolean(readiness && readiness.status !== "checking");
  const patience = Date.now() + 30_000;
  if (told(first)) return place.replaceChildren(ready(site, first.readiness));
  place.replaceChildren(p("HMRC is being asked when your first update is due."));
  const isEnough = (seen: Connection) => told(seen) || Date.now() > patience;
  const seen = await watch(
    () => connection(site),
    isEnough,
    () => {},
    isHere,
  ).catch(() => first);
  if (!isHere()) return;
  place.replaceChildren(ready(site, seen.readiness));
  say(place.textContent ?? "");
}

function ready(site: Site, readiness: Schemas["ReadinessOut"] | null): HTMLElement {
  if (readiness?.status === "ready") return p(`HMRC takes your quarterly updates. ${due(site, readiness.next_due_date)}`);
  if (readiness?.waiting_on === "landlord")
    return h("div", { class: "care" }, h("strong", {}, "One thing is left for you: "), readiness.action);
  return p("HMRC has not said yet when your next update is due. You need not wait for that.");
}

function due(site: Site, date: string | null | undefined): string {
  if (!date) return "";
  const isOver = date < site.config.now.slice(0, 10);
  return isOver
    ? `One has been due since ${day(date)}: ${site.start.agency} sees that, and must send it.`
    : `The next is due by ${day(date)}.`;
}

function leave(site: Site): HTMLElement {
  return h(
    "section",
    {},
    h2("Disconnect"),
    p(`Stop ${site.start.agency} from dealing with HMRC for you.`),
    action("Disconnect from HMRC", () => confirmLeaving(site), "quiet"),
  );
}

/** HMRC's own list: where it is, only the API's sentence says. */
function still(told: string): HTMLElement {
  const [where] = /https?:\/\/[^\s;,]*[^\s;,.]/.exec(told) ?? [];
  if (!where) return p(told);
  return p(
    "HMRC goes on listing this service among those who may act for you. Take it off that list there: ",
    link(where, "Manage who can deal with HMRC for you"),
    ".",
  );
}

function confirmLeaving(site: Site): void {
  const end = async () => {
    const { api, landlord_id } = own(site);
    const params = { path: { landlord_id } };
    await api.DELETE("/api/v1/landlords/{landlord_id}/connection", { params });
    const now = await connection(site);
    show(
      "You are disconnected",
      still(now.user_action),
      p("You can connect again whenever you like."),
      action("Connect again", () => home(site)),
    );
  };
  show(
    "Disconnect from HMRC?",
    p("If you go on:"),
    list(
      `${site.start.agency} can send nothing more to HMRC for you, from this moment on.`,
      "Updates that were not sent yet wait until you connect again. Their deadlines go on, and missing them is on you.",
      "What HMRC holds already stays there.",
      "HMRC’s own list of who may act for you still names this service until you remove it there. You are told where.",
    ),
    action("Yes, disconnect", end, "danger"),
    action("No, stay connected", () => home(site), "quiet"),
  );
}
