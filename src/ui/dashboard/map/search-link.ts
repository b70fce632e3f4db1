/** Address of the search screen with that image and run. */
export function searchLink(hash: string, runId: string | null): string {
  const parameters = new URLSearchParams({ query: hash });
  if (runId !== null) parameters.set('model', runId);
  return `#/search?${parameters}`;
}
