import { type Quarterday, quarterdayFraudContext } from "@quarterday/client";

/** What HMRC must be told by law of the browser in which a person acts, taken at their press. */
export async function device(api: Quarterday): Promise<{ fraud_context_id: string }> {
  const said = { ...quarterdayFraudContext(), connection_method: "WEB_APP_VIA_SERVER" as const };
  const answer = await api.POST("/api/v1/fraud-contexts", { body: said });
  return { fraud_context_id: answer.data!.id };
}

/** Ask again and again, ever more slowly, until it is over or nobody looks any more. */
export async function watch<T>(
  read: () => Promise<T>,
  isOver: (seen: T) => boolean,
  tell: (seen: T) => void,
  isWanted: () => boolean,
): Promise<T> {
  for (let wait = 400; ; wait = Math.min(wait * 1.4, 3000)) {
    const seen = await read();
    if (isOver(seen) || !isWanted()) return seen;
    tell(seen);
    await new Promise((done) => setTimeout(done, wait));
  }
}
