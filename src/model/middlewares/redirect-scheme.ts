// Options of the redirectScheme middleware. Source: Traefik v3.7 "RedirectScheme".
import type { Static } from 'typebox';
import { flag, optional, section, text } from '../fields.ts';

/** As labels and files write it. */
export const redirectSchemeSchema = section(
  {
    scheme: text({ description: 'Scheme to redirect to, such as https.' }),
    port: optional(text({ description: 'Port to redirect to; the scheme’s own if absent.', default: '' })),
    permanent: optional(flag({ description: 'Whether the redirection is permanent.', default: false })),
  },
  { description: 'Redirects to another scheme or port.' },
);

/** Decoded. */
export type RedirectSchemeOptions = Static<typeof redirectSchemeSchema>;
