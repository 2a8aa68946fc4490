import { type Quarterday, quarterday } from "@quarterday/client";

import { settings } from "../ui/settings.js";
import type { Schemas } from "./store.js";

/** What is known before anybody has pressed anything: the same for everybody. */
export interface Site {
  apiUrl: string;
  /** The API as anybody sees it. */
  anyone: Quarterday;
  config: Schemas["ConfigOut"];
  start: Schemas["StartPageOut"];
}

export async function site(): Promise<Site> {
  const { api_url: apiUrl } = await settings();
  const anyone = quarterday({ baseUrl: apiUrl, patience: { tries: 2 } });
  const [config, start] = await Promise.all([anyone.GET("/api/v1/config"), anyone.GET("/api/v1/start-page")]);
  return { apiUrl, anyone, config: config.data!, start: start.data! };
}
