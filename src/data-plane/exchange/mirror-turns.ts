// Which requests are copied. As Traefik counts (pkg/server/service/loadbalancer/mirror): of the first n requests a mirror has
// had its share, rounded up.

/** Whether the nth request (from 1) is one of so many of 100. */
export function isMirrored(nth: number, percent: number): boolean {
  // Modulo 100 nothing changes, and no product is inexact.
  const place = (nth - 1) % 100;
  return Math.ceil(((place + 1) * percent) / 100) > Math.ceil((place * percent) / 100);
}
