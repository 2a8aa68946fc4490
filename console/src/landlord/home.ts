import { type Child, h } from "../ui/dom.js";
import { say } from "../ui/live.js";
import { approvals } from "./approve.js";
import { connectPage } from "./connect.js";
import { action } from "./form.js";
import { mandate } from "./mandate.js";
import { h2, linked, list, p, show, stays } from "./page.js";
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

/** Nothing is left to do; everything that may be done stands below. */
export async function connected(site: Site, now: Connection, isNew = false): Promise<void> {
  const until = now.grant_expires_at ? ` Your permission lasts until ${day(now.grant_expires_at)}.` : "";
  const ready = h("div", {});
  const more = h("div", {});
  show(
    "You are connected to HMRC",
    h("p", { class: "good" }, isNew ? `That’s it for ${site.start.lasts_months} months.${until}` : `There is nothing to do now.${until}`),
    h2("What happens next"),
    ready,
    list(
      `${site.start.agency} sends HMRC an update every quarter.`,
      "Before your permission ends you get a link to renew it.",
      "You may close this page. To see how things stand, ask for a fresh link at any time.",
    ),
    more,
  );
  const isHere = stays();
  void follow(site, now, ready, isHere);
  const sections: Child[] = await Promise.all([approvals(site), mandate(site)]);
  if (isHere()) more.replaceChildren(...(sections.filter(Boolean) as Node[]), leave(site));
}

/** Right after connecting HMRC is asked whether updates can be sent; what it says appears by itself. */
async function follow(site: Site, first: Connection, place: HTMLElement, isHere: () => boolean): Promise<void> {
  const told = ({ readiness }: Connection) => readiness && readiness.status !== "checking";
  const give = Date.now() + 30_000;
  let next: Connection | null = told(first) ? first : null;
  if (!next) {
    place.replaceChildren(p("HMRC is being asked when your first update is due."));
    next = await watch(
      () => connection(site),
      (seen) => Boolean(told(seen)) || Date.now() > give,
      () => {},
      isHere,
    ).catch(() => null);
  }
  if (!isHere()) return;
  const said = ready(next?.readiness);
  place.replaceChildren(said);
  if (next !== first) say(said.textContent ?? "");
}

function ready(readiness: Schemas["ReadinessOut"] | null | undefined): HTMLElement {
  if (readiness?.status === "ready") {
    const due = readiness.next_due_date ? `The next is due by ${day(readiness.next_due_date)}.` : "";
    return p(`HMRC takes your quarterly updates. ${due}`);
  }
  if (readiness?.waiting_on === "landlord")
    return h("div", { class: "care" }, h("strong", {}, "One thing is left for you: "), readiness.action);
  return p("HMRC has not said yet when your next update is due. You need not wait for that.");
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

function confirmLeaving(site: Site): void {
  const end = async () => {
    const { api, landlord_id } = own(site);
    const params = { path: { landlord_id } };
    await api.DELETE("/api/v1/landlords/{landlord_id}/connection", { params });
    const now = await connection(site);
    show(
      "You are disconnected",
      linked(now.user_action),
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
