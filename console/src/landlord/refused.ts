import { h } from "../ui/dom.js";
import { say } from "../ui/live.js";
import { connectPage, hearNino, mayBeSent, ninoField } from "./connect.js";
import { device, watch } from "./device.js";
import { action, form } from "./form.js";
import { home } from "./home.js";
import { link, list, p, progress, show, stays } from "./page.js";
import type { Site } from "./site.js";
import { operator } from "./start.js";
import { own, type Schemas } from "./store.js";
import { outcome } from "./words.js";

type Connection = Schemas["ConnectionOut"];

const SIGN_UP = "https://www.gov.uk/guidance/sign-up-for-making-tax-digital-for-income-tax";

/** Permission was given, and still nothing can be sent: why, and what the landlord does about it. */
export function turnedAway(site: Site, now: Connection): void {
  const reason = now.reason_code ?? "";
  if (reason === "nino_unconfirmed") return waitsForStaff(site);
  if (reason === "not_enrolled") return notEnrolled(site);
  if (reason === "nino_mismatch" || !reason) return mismatch(site, now);
  const { title, body } = outcome(reason, now.user_action);
  connectPage(site, title, ...body.map((words) => p(words)));
}

/** HMRC has said yes to a number that is not the one on file: who it is, the agency must say. */
function waitsForStaff(site: Site): void {
  show(
    "Your agency must confirm your number",
    h("p", { class: "care" }, "You have done your part: HMRC has accepted your sign-in and the National Insurance number you typed."),
    p(
      `The number is new to ${site.start.agency}. Before anything is sent, somebody there must say that it is yours, so that nobody else can connect in your name.`,
    ),
    p(
      "You need not sign in at HMRC again. If you hear nothing within a week, ask your agency. After 30 days you would have to begin again.",
    ),
    action("See whether it is confirmed", () => home(site)),
  );
}

function notEnrolled(site: Site): void {
  show(
    "You are not signed up for Making Tax Digital yet",
    p("HMRC knows you, but you are not signed up for Making Tax Digital for Income Tax. Only you, or an accountant of yours, can do that."),
    p(link(SIGN_UP, "Sign up for Making Tax Digital for Income Tax on GOV.UK")),
    p(
      "Come back when HMRC has confirmed it, which may take some days. Within a week of your sign-in here you need not give permission again.",
    ),
    action("I have signed up: check again", () => checkAgain(site, {})),
    otherAccount(site),
  );
}

function mismatch(site: Site, now: Connection): void {
  const nino = ninoField();
  const check = async () => {
    if (nino.input.value.trim() && !mayBeSent(nino)) return;
    nino.fault("");
    const typed = nino.input.value.trim();
    await checkAgain(site, typed ? { nino: typed } : {});
  };
  show(
    "Your HMRC account and your number do not match",
    p(
      "You gave permission, but HMRC does not let the account you signed in with act for your National Insurance number. HMRC does not say which of these it is:",
    ),
    list(
      "The number is wrong. If you know yours, type it below.",
      "You signed in with another account: somebody else’s, or that of a business or an agent. Sign in again with your own, personal one.",
      h(
        "span",
        {},
        "You are not signed up for Making Tax Digital for Income Tax. ",
        link(SIGN_UP, "Sign up on GOV.UK"),
        ", then check again.",
      ),
    ),
    operator(site),
    form("Check again", check, (error) => hearNino(nino, error), nino.root),
    p("Leave the number empty to check with the one that your agency has."),
    otherAccount(site),
    now.possible_causes.length === 0 && p("If you are sure of all three, ask your agency."),
  );
}

function otherAccount(site: Site): HTMLElement {
  return action("Sign in at HMRC with another account", () => connectPage(site), "quiet");
}

/** HMRC is asked once more with the permission that is there. */
async function checkAgain(site: Site, typed: { nino?: string }): Promise<void> {
  const { api, landlord_id } = own(site);
  const body = { ...typed, ...(await device(api)) };
  const begun = await api.POST("/api/v1/landlords/{landlord_id}/connection/check", {
    params: { path: { landlord_id } },
    body,
  });
  const { line, tell } = progress("HMRC is being asked. This takes some seconds.");
  show("Checking with HMRC", line);
  const isHere = stays();
  const params = { path: { operation_id: begun.data!.id! } };
  const read = async () => (await api.GET("/api/v1/operations/{operation_id}", { params })).data!;
  const place = (seen: Schemas["OperationOut"]) =>
    seen.queue_position && tell(`HMRC is being asked. You are number ${seen.queue_position} in the queue.`);
  const ended = await watch(read, (seen) => Boolean(seen.finished_at), place, isHere);
  if (!isHere()) return;
  await home(site);
  if (ended.status === "failed") say("HMRC still says no.", "at once");
}
