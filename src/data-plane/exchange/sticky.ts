// Sticky sessions: a cookie names what a client was sent to, and it is sent there again for as long as that is ready. The
// values are Traefik's (pkg/server/service/loadbalancer/sticky.go), so that cookies outlive a change of gateways.
import { hash } from 'node:crypto';
import { type StickyCookie, stickyCookieName } from '../../model/sticky-cookie.ts';
import type { Exchange } from '../middlewares/exchange.ts';
import { cookieOf } from './cookie-of.ts';

/** Keeps clients on one of some targets. */
export type Sticky<T extends object> = {
  /** Of those that may be chosen now, the one that the client's cookie names. `targets` is never changed, only replaced. */
  find(exchange: Exchange, targets: readonly T[]): T | undefined;
  /** The client is sent to this one: it gets a cookie that says so, where cookies are reserved. */
  keep(exchange: Exchange, target: T): void;
};

type Named<T> = { readonly target: T; readonly isOldForm: boolean };

/** `nameOf` is what Traefik calls a target: the URL of a server, the name of a service. */
export function createSticky<T extends object>(
  cookie: StickyCookie,
  service: string,
  nameOf: (target: T) => string,
): Sticky<T> {
  const name = stickyCookieName(cookie, service, (text) => hash('sha1', text));
  const attributes = attributesOf(cookie);
  // By the list itself, which is replaced whenever something in it changes.
  const indexes = new WeakMap<readonly T[], ReadonlyMap<string, Named<T>>>();

  function keep(exchange: Exchange, target: T): void {
    exchange.cookies?.set(name, cookieValue(nameOf(target)) + attributes);
  }

  return {
    find(exchange, targets) {
      const value = cookieOf(exchange.fields, name);
      if (value === undefined) return undefined;
      let index = indexes.get(targets);
      if (index === undefined) {
        index = indexByCookie(targets, nameOf);
        indexes.set(targets, index);
      }
      const found = index.get(value);
      if (found?.isOldForm === true) keep(exchange, found.target);
      return found?.target;
    },
    keep,
  };
}

/** The value of the cookie: no client learns an address from it. */
function cookieValue(name: string): string {
  return hash('sha256', name).slice(0, 16);
}

/** Values of today first: nobody's older value may stand in for them. */
function indexByCookie<T>(
  targets: readonly T[],
  nameOf: (target: T) => string,
): ReadonlyMap<string, Named<T>> {
  const index = new Map<string, Named<T>>();
  for (const target of targets) index.set(cookieValue(nameOf(target)), { target, isOldForm: false });
  for (const target of targets) {
    for (const value of oldValuesOf(nameOf(target))) {
      if (!index.has(value)) index.set(value, { target, isOldForm: true });
    }
  }
  return index;
}

/** What earlier versions of Traefik wrote: the name itself, its hash, and the hash of that. */
function oldValuesOf(name: string): readonly string[] {
  const hashed = fnv1(name);
  return [name, hashed, fnv1(hashed)];
}

/** FNV-1 of 64 bits (Go's hash/fnv, New64), in hexadecimal digits without leading zeros. */
function fnv1(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) value = BigInt.asUintN(64, value * 0x100000001b3n) ^ BigInt(byte);
  return value.toString(16);
}

const sameSites = { none: 'None', lax: 'Lax', strict: 'Strict' } as const;

/** In the order in which Go writes them (net/http, Cookie.String). */
function attributesOf({ path, domain, maxAge, httpOnly, secure, sameSite }: StickyCookie): string {
  let text = '';
  if (path !== '') text += `; Path=${path}`;
  if (domain !== '') text += `; Domain=${domain}`;
  if (maxAge !== 0) text += `; Max-Age=${Math.max(0, maxAge)}`;
  if (httpOnly) text += '; HttpOnly';
  if (secure) text += '; Secure';
  if (sameSite !== undefined) text += `; SameSite=${sameSites[sameSite]}`;
  return text;
}
