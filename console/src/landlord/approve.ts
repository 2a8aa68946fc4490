import { isProblem } from "@quarterday/client";

import { h } from "../ui/dom.js";
import { device, watch } from "./device.js";
import { figures } from "./figures.js";
import { action, form } from "./form.js";
import { home } from "./home.js";
import { h2, p, progress, show, stays } from "./page.js";
import type { Site } from "./site.js";
import { own, type Schemas } from "./store.js";
import { day } from "./words.js";

type Submission = Schemas["SubmissionOut"];

const ENDS: Partial<Record<Submission["status"], string>> = {
  accepted: "HMRC has accepted these figures.",
  rejected: "HMRC did not accept these figures. Your agency sees why, and must correct them.",
  superseded: "Newer figures have taken the place of these.",
  cancelled: "These figures are not sent.",
  stopped: "Something else stands at HMRC than was expected, so these figures were not sent. Your agency must look at it.",
  waiting_for_connection: "These figures wait until you have connected to HMRC.",
};

const name = ({ period_start, period_end }: Submission): string => `${day(period_start)} to ${day(period_end)}`;

/** The updates that wait for this landlord's word, if there are any. */
export async function approvals(site: Site): Promise<HTMLElement | null> {
  const { api } = own(site);
  const found = (await api.GET("/api/v1/submissions", { params: { query: { status: "waiting_for_approval" } } })).data!.results;
  if (found.length === 0) return null;
  const look = (each: Submission) => action(`See the figures for ${name(each)}`, () => approvePage(site, each.id!));
  return h("section", { class: "care" }, h2("Waiting for your approval"), ...found.map(look));
}

/** The figures as they would be sent: exactly these are approved, by their digest, or none. */
export async function approvePage(site: Site, id: string): Promise<void> {
  const seen = await read(site, id);
  if (seen.status !== "waiting_for_approval") return settled(site, seen);
  const approve = async () => {
    const { api } = own(site);
    await api.POST("/api/v1/submissions/{submission_id}/approve", {
      params: { path: { submission_id: id } },
      body: { digest: seen.digest, ...(await device(api)) },
    });
    await sending(site, id);
  };
  const changed = (error: unknown) => {
    const isOther = isProblem(error, "approval.other_digest") || isProblem(error, "approval.not_awaited");
    if (isOther) void approvePage(site, id);
    return isOther;
  };
  show(
    "Approve your quarterly figures",
    p(
      `${site.start.agency} has prepared this update for HMRC. It covers ${name(seen)}, and takes the place of what HMRC holds of your UK property income for the tax year ${seen.tax_year} so far.`,
    ),
    seen.due_date && p(`HMRC wants it by ${day(seen.due_date)}.`),
    figures(seen.figures ?? {}),
    p(
      "By approving you say that, as far as you know, these figures are right, complete, and cover all of your UK property, whoever lets it.",
    ),
    form("Approve and send to HMRC", approve, changed),
    action("These figures are not right", () => decline(site, seen), "quiet"),
  );
}

async function read(site: Site, submission_id: string): Promise<Submission> {
  return (await own(site).api.GET("/api/v1/submissions/{submission_id}", { params: { path: { submission_id } } })).data!;
}

async function sending(site: Site, id: string): Promise<void> {
  const { line, tell } = progress("Your approval is kept. The figures are on their way to HMRC.");
  show("Approved", line, p("You may close this page."));
  const isHere = stays();
  const place = ({ queue_position }: Submission) =>
    queue_position && tell(`Your approval is kept. The figures are number ${queue_position} in the queue for HMRC.`);
  const ended = await watch(
    () => read(site, id),
    ({ status }) => Boolean(ENDS[status]),
    place,
    isHere,
  );
  if (isHere()) settled(site, ended);
}

function settled(site: Site, seen: Submission): void {
  const title = seen.status === "accepted" ? "HMRC has your figures" : "These figures do not wait for you";
  show(
    title,
    p(`For ${name(seen)}: ${ENDS[seen.status] ?? "they are on their way to HMRC."}`),
    action("See your connection", () => home(site), "quiet"),
  );
}

function decline(site: Site, seen: Submission): void {
  const reason = h("textarea", { id: "reason", rows: 3, maxlength: 200, "aria-describedby": "reason-hint" });
  const send = async () => {
    await own(site).api.POST("/api/v1/submissions/{submission_id}/decline", {
      params: { path: { submission_id: seen.id! } },
      body: { reason: reason.value.trim() },
    });
    show(
      "Your agency has been told",
      p("These figures are not sent. Your agency corrects them, and asks you again."),
      action("See your connection", () => home(site), "quiet"),
    );
  };
  show(
    "What is not right?",
    form(
      "Send this to your agency",
      send,
      () => false,
      h(
        "div",
        { class: "field" },
        h("label", { for: "reason" }, "What your agency should correct"),
        h("p", { id: "reason-hint", class: "hint" }, "You may leave it empty. At most 200 characters."),
        reason,
      ),
    ),
    action("Back to the figures", () => approvePage(site, seen.id!), "quiet"),
  );
}
