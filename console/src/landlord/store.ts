import { type components, type Quarterday, quarterday } from "@quarterday/client";

export type Schemas = components["schemas"];
export type Session = Schemas["LandlordSessionOut"];

/** What a link brought. It waits here until a person presses Start, and stands in no address. */
export interface Invitation {
  invitation: string;
  /** The update that is to be approved, if the link was for that. */
  submission?: string;
}

/** What HMRC's return brought, until it is handed in. */
export interface Return {
  connect_session: string;
  status: string;
  completion_code?: string;
}

/** The attempt with which the landlord left for HMRC. */
export interface Left {
  connect_session: string;
}

interface Kept {
  session: Session;
  left: Left;
  invitation: Invitation;
  returned: Return;
}

// This tab's, and gone with it. Where a browser keeps nothing, the page itself remembers for as long as it stays.
const memory = new Map<string, string>();

export function keep<K extends keyof Kept>(name: K, what: Kept[K]): void {
  const text = JSON.stringify(what);
  memory.set(name, text);
  tab((storage) => storage.setItem(`quarterday.${name}`, text));
}

export function kept<K extends keyof Kept>(name: K): Kept[K] | null {
  const text = tab((storage) => storage.getItem(`quarterday.${name}`)) ?? memory.get(name);
  return text ? (JSON.parse(text) as Kept[K]) : null;
}

export function drop(name: keyof Kept): void {
  memory.delete(name);
  tab((storage) => storage.removeItem(`quarterday.${name}`));
}

function tab<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

/** The landlord who has pressed Start, as long as that lasts. */
export function session(): Session | null {
  const known = kept("session");
  return known && Date.parse(known.expires_at) > Date.now() ? known : null;
}

/** There is no session, or no longer. */
export class SignedOut extends Error {}

/** The API as this landlord sees it. Throws SignedOut. */
export function own(site: { apiUrl: string }): { api: Quarterday; landlord_id: string } {
  const known = session();
  if (!known) throw new SignedOut();
  return { api: quarterday({ baseUrl: site.apiUrl, bearer: known.token }), landlord_id: known.landlord_id };
}
