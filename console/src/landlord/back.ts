import { isProblem } from "@quarterday/client";

import { watch } from "./device.js";
import { action, field, form, isSignedOut } from "./form.js";
import { connected, connection, home } from "./home.js";
import { p, progress, show, stays } from "./page.js";
import { turnedAway } from "./refused.js";
import type { Site } from "./site.js";
import { askForLink } from "./start.js";
import { drop, keep, own, type Return, type Schemas } from "./store.js";
import { explain, outcome } from "./words.js";

type ConnectSession = Schemas["ConnectSessionOut"];

const OVER: string[] = ["connected", "denied", "expired", "failed"];
// Somebody else's session, or somebody else's tab.
const OTHERS = ["connect.other_principal", "not_found"] as const;
// Handed in already, too late, or never come: how it stands, the session itself says best.
const SETTLED = ["connect.already_completed", "connect.session_expired", "connect.wrong_completion_code", "connect.not_returned"] as const;

/** Back from HMRC: hand in what came, and wait until it is known how that ends. */
export async function comeBack(site: Site, back: Return): Promise<void> {
  const { line, tell } = progress("We are finishing the connection with HMRC. This takes some seconds.");
  show("Back from HMRC", line);
  const isHere = stays();
  try {
    const { api } = own(site);
    await complete(site, back);
    const params = { path: { session_id: back.connect_session } };
    const read = async () => (await api.GET("/api/v1/connect-sessions/{session_id}", { params })).data!;
    const isOver = ({ status }: ConnectSession) =>
      OVER.includes(status) || (status === "returned" && !back.completion_code) || status === "waiting_at_hmrc";
    const ended = await watch(read, isOver, (seen) => tell(waiting(seen)), isHere);
    if (!isHere()) return;
    drop("returned");
    await over(site, ended);
  } catch (error) {
    await notFinished(site, back, error);
  }
}

async function complete(site: Site, back: Return): Promise<void> {
  if (!back.completion_code) return;
  const body = { completion_code: back.completion_code };
  try {
    await own(site).api.POST("/api/v1/connect-sessions/{session_id}/complete", {
      params: { path: { session_id: back.connect_session } },
      body,
    });
  } catch (error) {
    if (!SETTLED.some((code) => isProblem(error, code))) throw error;
  }
}

function waiting(seen: ConnectSession): string {
  return seen.queue_position && seen.queue_position > 1
    ? `HMRC answers one question after another. Yours is number ${seen.queue_position} in the queue; please leave this page open.`
    : "We are finishing the connection with HMRC. This takes some seconds.";
}

async function over(site: Site, ended: ConnectSession): Promise<void> {
  const now = await connection(site);
  const isAboutUs = ended.status === "connected" || ended.status === "failed";
  if (isAboutUs && now.state === "not_authorised") return turnedAway(site, now);
  if (ended.status === "connected") return connected(site, now, true);
  notConnected(site, reasonOf(ended), ended.user_action, now.state === "active");
}

function reasonOf({ status, reason_code }: ConnectSession): string {
  // It came back without its code, or did not come back: only a new attempt helps.
  return reason_code || (status === "denied" ? "denied" : "expired");
}

function notConnected(site: Site, reason: string, fallback: string, isActive: boolean): void {
  const { title, body, again } = outcome(reason, fallback);
  show(
    title,
    ...body.map((words) => p(words)),
    isActive && p("The connection that you had goes on working."),
    again && action("Try again", () => home(site)),
  );
}

async function notFinished(site: Site, back: Return, error: unknown): Promise<void> {
  const isLost = isSignedOut(error) || OTHERS.some((code) => isProblem(error, code));
  if (isLost && back.status === "pending") return askForCode(site, back);
  if (isLost) {
    const { title, body } = outcome(back.status === "denied" ? "denied" : "expired", "");
    return askForLink(site, title, ...body);
  }
  show(
    "That did not work",
    p(explain(error)),
    action("Try again", () => comeBack(site, back)),
  );
}

/** The tab has lost who it was for: six digits by mail bring that back, and what came from HMRC is handed in after all. */
function askForCode(site: Site, back: Return): void {
  const send = async () => {
    await site.anyone.POST("/api/v1/landlord-sessions/code", { body: { connect_session: back.connect_session } });
    enterCode(site, back);
  };
  show(
    "Go on where you were",
    p("You have come back from HMRC, but this tab no longer knows who you are: perhaps HMRC opened in another one, or it took a while."),
    p("We can mail you six digits, to the address that your agency has for you. Don’t wait long: HMRC’s answer is good for ten minutes."),
    action("Mail me a code", send),
  );
}

function enterCode(site: Site, back: Return): void {
  const code = field("code", "Six-digit code", "It is in the mail we have just sent, and is good for ten minutes.", {
    inputmode: "numeric",
    autocomplete: "one-time-code",
    maxlength: "10",
  });
  const resume = async () => {
    code.fault("");
    const digits = code.input.value.replace(/\D/g, "");
    if (digits.length !== 6) return code.fault("Enter the six digits from the mail.");
    const answer = await site.anyone.POST("/api/v1/landlord-sessions/resume", {
      body: { connect_session: back.connect_session, code: digits },
    });
    keep("session", answer.data!);
    await comeBack(site, back);
  };
  const hear = (error: unknown) => isProblem(error) && error.status === 422 && (code.fault(explain(error)), true);
  show(
    "Enter the code from your mail",
    form("Go on", resume, hear, code.root),
    p(`No mail after some minutes? Ask ${site.start.agency} for a new link, and begin again.`),
    action("Mail me another code", () => askForCode(site, back), "quiet"),
  );
}
