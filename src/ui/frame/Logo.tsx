/** Two pictures that overlap: likeness. Also public/favicon.svg. */
export function Logo() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <rect x="2" y="2" width="14" height="14" rx="3" fill="var(--accent-ink)" opacity="0.45" />
      <rect x="8" y="8" width="14" height="14" rx="3" fill="var(--accent-ink)" />
    </svg>
  );
}
