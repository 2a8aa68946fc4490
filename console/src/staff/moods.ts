import { badge } from "../ui/actions.js";
import { words } from "../ui/words.js";

type Mood = "good" | "care" | "bad" | "plain";

const MOODS: Record<string, Mood> = {
  active: "good",
  ready: "good",
  accepted: "good",
  succeeded: "good",
  done: "good",
  delivered: "good",
  created: "good",
  updated: "good",
  ok: "good",
  connecting: "plain",
  refreshing: "plain",
  queued: "plain",
  sending: "plain",
  running: "plain",
  pending: "plain",
  unchanged: "plain",
  uncertain: "care",
  unknown: "care",
  waiting_for_connection: "care",
  waiting_for_approval: "care",
  needs_mapping: "care",
  paused: "care",
  high: "care",
  checking: "care",
  not_connected: "care",
  connected: "good",
  not_authorised: "bad",
  reconnect_required: "bad",
  rejected: "bad",
  refused: "bad",
  stopped: "bad",
  failed: "bad",
  late: "bad",
  critical: "bad",
};

/** A state, an outcome or a risk as a coloured word: the word alone says it. */
export const state = (code: string | null | undefined): HTMLElement => badge(words(code), MOODS[code ?? ""] ?? "plain");

export const CONNECTION_STATES = [
  "not_connected",
  "connecting",
  "active",
  "refreshing",
  "uncertain",
  "not_authorised",
  "reconnect_required",
  "disconnected",
] as const;
export const SUBMISSION_STATES = [
  "queued",
  "sending",
  "unknown",
  "waiting_for_connection",
  "waiting_for_approval",
  "accepted",
  "rejected",
  "superseded",
  "cancelled",
  "stopped",
] as const;
export const REASONS = [
  "denied",
  "expired",
  "code_refused",
  "lost",
  "refused",
  "revoked",
  "grant_ended",
  "nino_mismatch",
  "not_enrolled",
  "nino_unconfirmed",
  "nino_refused",
  "scope",
  "application_fault",
  "superseded",
  "disconnected",
] as const;
export const WAITING_ON = ["agency", "landlord", "quarterday", "hmrc", "nobody"] as const;
export const RISKS = ["late", "critical", "high", "low", "none"] as const;

/** Choices of a select, the first of them all. */
export const choices = (codes: readonly string[], all = "All"): [string, string][] => [
  ["", all],
  ...codes.map((code): [string, string] => [code, words(code)]),
];

/** What a query says, if it is one of these. */
export const oneOf = <Code extends string>(codes: readonly Code[], asked: string | null): Code | undefined =>
  codes.find((code) => code === asked);
