/** What whoever serves these pages says of the API, in /config.json. */
export interface Settings {
  /** The agency's own address at the API, such as https://agency.example. */
  api_url: string;
}

export async function settings(): Promise<Settings> {
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error(`/config.json: ${answer.status}`);
  return (await answer.json()) as Settings;
}
