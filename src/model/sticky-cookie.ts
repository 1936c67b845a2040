// The cookie by which a client stays with one server. Source: Traefik v3.7 "Sticky sessions", pkg/server/cookie.

/** With all defaults but the name, whose default takes a hash (`stickyCookieName`). */
export type StickyCookie = {
  /** Absent: derived from the service's name. */
  readonly name?: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite?: 'none' | 'lax' | 'strict';
  /** Seconds. 0: until the browser closes; less: at once. */
  readonly maxAge: number;
  /** Empty: the attribute is left out. */
  readonly path: string;
  /** Empty: the attribute is left out. */
  readonly domain: string;
};

/** As many characters as Traefik takes. */
const nameLength = 6;

/** The cookie's name for a service by its qualified name. `sha1` gives the hash of a text in hexadecimal digits. */
export function stickyCookieName(
  { name }: StickyCookie,
  service: string,
  sha1: (text: string) => string,
): string {
  return name ?? `_${sha1(`_TRAEFIK_BACKEND_${service}`)}`.slice(0, nameLength);
}
