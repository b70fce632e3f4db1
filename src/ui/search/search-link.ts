/** The search screen with that image as its query, by that run; by the best where it is null. */
export function searchAddress(hash: string, runId: string | null): string {
  const parameters = new URLSearchParams({ query: hash });
  if (runId !== null) parameters.set('model', runId);
  return `/search?${parameters}`;
}
