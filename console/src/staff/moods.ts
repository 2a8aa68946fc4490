import { badge } from "../ui/actions.js";
import { words } from "../ui/words.js";
import type { Schemas } from "./client.js";

type Mood = "good" | "care" | "bad" | "plain";

const of = (mood: Mood, codes: string): Record<string, Mood> => Object.fromEntries(codes.split(" ").map((code) => [code, mood]));

/** What is not here is plain. */
const MOODS: Record<string, Mood> = {
  ...of("good", "active connected ready accepted succeeded done delivered created updated made available"),
  ...of("care", "uncertain unknown waiting_for_connection waiting_for_approval needs_mapping paused checking not_connected high"),
  ...of("bad", "not_authorised reconnect_required rejected refused stopped failed denied late critical unavailable api_refused"),
};

/** A state, an outcome or a risk as a coloured word: the word alone says it. */
export const state = (code: string | null | undefined): HTMLElement => badge(words(code), MOODS[code ?? ""] ?? "plain");

export const CONNECTION_STATES = [
  "not_connected", "connecting", "active", "refreshing", "uncertain", "not_authorised", "reconnect_required", "disconnected",
] as const satisfies Schemas["ConnectionStateEnum"][];
export const SUBMISSION_STATES = [
  "queued", "sending", "unknown", "waiting_for_connection", "waiting_for_approval", "accepted", "rejected", "superseded",
  "cancelled", "stopped",
] as const satisfies Schemas["SubmissionStatusEnum"][];
export const WAITING_ON = ["agency", "landlord", "quarterday", "hmrc", "nobody"] as const satisfies Schemas["WaitingOnEnum"][];
export const RISKS = ["late", "critical", "high", "low", "none"] as const satisfies Schemas["RiskEnum"][];
export const DELIVERY_STATES = ["pending", "delivered", "failed", "cancelled"] as const satisfies Schemas["DeliveryStatusEnum"][];
/** Those that a connection can have; the document leaves them open. */
export const REASONS = [
  "denied", "expired", "code_refused", "lost", "refused", "revoked", "grant_ended", "nino_mismatch", "not_enrolled",
  "nino_unconfirmed", "nino_refused", "scope", "application_fault", "superseded", "disconnected",
] as const;

/** Choices of a select, the first of them all. */
export const choices = (codes: readonly string[], all = "All"): [string, string][] => [
  ["", all],
  ...codes.map((code): [string, string] => [code, words(code)]),
];

/** What a query says, if it is one of these. */
export const oneOf = <Code extends string>(codes: readonly Code[], asked: string | null): Code | undefined =>
  codes.find((code) => code === asked);
