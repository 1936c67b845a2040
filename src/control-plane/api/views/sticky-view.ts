// A sticky cookie as the API shows it. Pure.
import { hash } from 'node:crypto';
import { type StickyCookie, stickyCookieName } from '../../../model/sticky-cookie.ts';
import type { StickyCookieView } from '../../../model/view.ts';

/** With the name that the cookie really has; what is off or empty is left out. `service` is qualified. */
export function toStickyView(service: string, cookie: StickyCookie): { readonly cookie: StickyCookieView } {
  const { secure, httpOnly, sameSite, maxAge, path, domain } = cookie;
  return {
    cookie: {
      name: stickyCookieName(cookie, service, (text) => hash('sha1', text)),
      ...(secure ? { secure } : {}),
      ...(httpOnly ? { httpOnly } : {}),
      ...(sameSite === undefined ? {} : { sameSite }),
      ...(maxAge === 0 ? {} : { maxAge }),
      path,
      ...(domain === '' ? {} : { domain }),
    },
  };
}
