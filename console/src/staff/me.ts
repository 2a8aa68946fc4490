import { api, got, type Schemas } from "./client.js";

let known: Schemas["MeOut"] | null = null;

/** Who is signed in, and what they may do: asked once for each session. */
export async function me(): Promise<Schemas["MeOut"]> {
  return (known ??= await got(api.GET("/api/v1/me")));
}

export const forget = (): void => void (known = null);

/** Whether whoever is signed in may do this: what they may not is not offered. */
export const may = (scope: Schemas["ScopeEnum"]): boolean => known?.scopes.includes(scope) ?? false;
