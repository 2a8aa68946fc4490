import { type ErrorCode, isProblem } from "@quarterday/client";

// What the API says is meant for whoever built the page; these are for the landlord who reads it.
const FAULTS: Partial<Record<ErrorCode, string>> = {
  "invitation.not_usable": "This link has been used, or your agency has withdrawn it. Ask for a fresh one.",
  "auth.credential_unknown": "This link doesn’t work any more: it is too old, or your agency has withdrawn it.",
  "auth.credential_malformed": "Part of the link is missing. Open it from your mail again, or copy the whole of it.",
  "auth.wrong_agency": "This link is from another agency. Open it from the mail in which it came.",
  "agency.suspended": "Your agency’s account is closed at the moment. Please ask your agency.",
  "agency.leaving": "Your agency no longer uses this service. Please ask your agency.",
  "hmrc.nino_missing": "We need your National Insurance number: HMRC knows you by it, and your agency has not got it yet.",
  "nino.conflict": "Your agency has this number for another landlord. Check what you typed; if it is right, tell your agency.",
  "hmrc.nino_mismatch": "HMRC has confirmed another number for you. If this one is right, tell your agency.",
  "connect.no_tries_left": "The number was changed three times already. Sign in at HMRC again to go on.",
  "connect.nothing_to_check": "There is nothing left to check. Connect to HMRC again.",
  "connect.other_principal": "Somebody else began this. Begin again with your own link.",
  "connect.return_url_not_listed": "This page is not set up to take you back from HMRC. Please tell your agency.",
  "fraud_context.incomplete": "Your browser keeps back what HMRC must be told by law, such as the size of its window. Try another browser.",
  "sign_in.wrong_code": "That is not the code, or its ten minutes are over. Use the newest mail, or ask for another code.",
  "request.slow_down": "You have asked often. Wait a while, then try again.",
  "request.too_often": "HMRC was asked a moment ago. Wait a minute, then try again.",
  "approval.other_digest": "Your agency has changed the figures since you saw them. Look at them once more.",
  "approval.not_awaited": "Nobody waits for your answer to these figures any more.",
  not_found: "We can’t find that.",
};

/** What a person should know of what went wrong, and do. */
export function explain(error: unknown): string {
  if (!isProblem(error)) return "That did not work: we can’t be reached from here. Check that you are online, and try again in a minute.";
  const ofFields = error.problem.errors.map((each) => each.detail).join(" ");
  return (
    FAULTS[error.code] ??
    (ofFields ||
      `That did not work: ${lowered(error.problem.title)}. If it happens again, tell your agency this number: ${error.requestId}.`)
  );
}

export interface Outcome {
  title: string;
  /** What it means, and what to do. */
  body: string[];
  /** Whether another sign-in at HMRC can help. */
  again: boolean;
}

const AGAIN = "Nothing was changed. You can try again now.";
const NOT_CONNECTED = "You are not connected";
const OUTCOMES: Record<string, Outcome> = {
  denied: {
    title: NOT_CONNECTED,
    body: [
      "Permission was not given at HMRC, so nothing can be sent for you.",
      "If you did not mean that, try again, and give permission when HMRC asks.",
    ],
    again: true,
  },
  expired: {
    title: "That took too long",
    body: ["HMRC’s answer is good for ten minutes, and those are over.", "Try again, and come straight back from HMRC."],
    again: true,
  },
  code_refused: { title: NOT_CONNECTED, body: ["HMRC did not accept the way back to us.", AGAIN], again: true },
  lost: {
    title: NOT_CONNECTED,
    body: ["HMRC’s answer was lost on its way to us, and can’t be asked for twice.", AGAIN],
    again: true,
  },
  refused: {
    title: "Your permission has ended",
    body: ["It was removed at HMRC, or its 18 months are over.", "Connect again, and everything that waits for you goes on."],
    again: true,
  },
  revoked: {
    title: "Your permission has ended",
    body: ["It was removed at HMRC.", "Connect again, and everything that waits for you goes on."],
    again: true,
  },
  grant_ended: {
    title: "Your permission has ended",
    body: ["HMRC’s 18 months are over.", "Connect again, and everything that waits for you goes on."],
    again: true,
  },
  scope: {
    title: "HMRC needs a wider permission",
    body: ["Not everything that is needed was allowed at HMRC.", "Connect again, and allow all that is asked."],
    again: true,
  },
  superseded: {
    title: "There was a newer attempt",
    body: ["You, or somebody for you, began again elsewhere. What counts is how that one ended."],
    again: true,
  },
  disconnected: { title: "Disconnected", body: ["You were disconnected meanwhile."], again: true },
  unavailable: {
    title: NOT_CONNECTED,
    body: ["HMRC’s sign-in was out of service.", "Nothing was changed. Try again in an hour or so."],
    again: true,
  },
  application_fault: {
    title: "HMRC can’t be reached properly",
    body: ["That is our fault and not yours; whoever runs this service has been told.", "Try again tomorrow."],
    again: true,
  },
  nino_refused: {
    title: "Your agency did not confirm the number",
    body: [
      "Your agency has said that the National Insurance number typed here is not yours. What was given at HMRC has been deleted here.",
      "Ask your agency for a new link.",
    ],
    again: false,
  },
};

/** How connecting ended, or why a connection is none. */
export function outcome(reason: string, fallback: string): Outcome {
  return OUTCOMES[reason] ?? { title: NOT_CONNECTED, body: [fallback || AGAIN], again: true };
}

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "Europe/London" });

/** A day as people write it, such as 7 August 2026. */
export function day(date: string): string {
  return DAY.format(new Date(date));
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
