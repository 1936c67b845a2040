// Sticky sessions as a user writes them. Source: Traefik v3.7 "HTTP Services" reference.
import type { Static } from 'typebox';
import { choice, flag, integer, optional, section, text } from './fields.ts';

const stickyCookieSchema = section(
  {
    name: optional(
      text({ description: 'Name of the cookie; `_` and five digits made of the service’s name if absent.' }),
    ),
    secure: optional(flag({ description: 'Secure attribute.', default: false })),
    httpOnly: optional(flag({ description: 'HttpOnly attribute.', default: false })),
    sameSite: optional(choice(['none', 'lax', 'strict'], { description: 'SameSite attribute.' })),
    maxAge: optional(
      integer({
        description: 'Max-Age in seconds; 0 is a session cookie, less a cookie that ends at once.',
        default: 0,
      }),
    ),
    path: optional(text({ description: 'Path attribute.', default: '/' })),
    domain: optional(text({ description: 'Domain attribute.' })),
  },
  { description: 'A cookie that names the server.', allowEmpty: true },
);

/** What keeps a client on one of several servers, or services. */
export const stickySchema = section(
  { cookie: optional(stickyCookieSchema) },
  { description: 'Keeps a client on one server.', allowEmpty: true },
);

/** What keeps a client on one server. */
export type StickyOptions = Static<typeof stickySchema>;
/** The cookie that does it. */
export type StickyCookieOptions = Static<typeof stickyCookieSchema>;
