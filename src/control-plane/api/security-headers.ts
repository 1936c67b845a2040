// Header fields of every answer of API and dashboard. Names in them come from the labels of any container: should one
// ever get into a page as markup, the policy keeps it from running.

/** Sent with every answer. */
export const securityHeaders = {
  // Own scripts and styles only, none inline; nobody may frame the page (clickjacking).
  'content-security-policy':
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // Other origins may neither embed an answer nor keep a handle on the page (cross-origin leaks).
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** The state of now, and not for shared caches. */
export const noStore = { 'cache-control': 'no-store' } as const;
