// One matcher → one closure. Everything that can be done before the first request is done here.
import { maxHostLength, maxRegexpInput, type RegexpCache } from './compile-regexp.ts';
import { someQueryValue } from './match-query.ts';
import { isInRange, parseAddress, parseAddressRange } from './parse-address-range.ts';
import type { HeaderLookup, RequestHead } from './request-head.ts';
import type { MatchNode } from './rule-node.ts';

/** Whether a request satisfies a matcher or a rule. Synchronous, and it never throws. */
export type HeadPredicate = (head: RequestHead) => boolean;

/** Compiles one matcher that parseRule has checked; a matcher that it would have refused is an invariant broken. */
export function compileMatcher(node: MatchNode, cache: RegexpCache): HeadPredicate {
  const [first = '', second] = node.args;
  switch (node.matcher) {
    case 'Host': {
      const isHost = compileHost(first);
      return (head) => isHost(head.host);
    }
    case 'HostRegexp': {
      const test = cache.testOf(first, maxHostLength);
      return (head) => test(head.host);
    }
    case 'Path':
      return (head) => head.path === first;
    case 'PathPrefix':
      return (head) => head.path.startsWith(first);
    case 'PathRegexp': {
      const test = cache.testOf(first, maxRegexpInput);
      return (head) => test(head.path);
    }
    case 'Method':
      return (head) => head.method === first;
    case 'Header':
      return headerPredicate(first, (value) => value === second);
    case 'HeaderRegexp':
      return headerPredicate(first, cache.testOf(second ?? '', maxRegexpInput));
    case 'Query': {
      const wanted = second ?? '';
      const test = (value: string): boolean => value === wanted;
      return (head) => someQueryValue(head.rawQuery, first, test);
    }
    case 'QueryRegexp': {
      const test = cache.testOf(second ?? '', maxRegexpInput);
      return (head) => someQueryValue(head.rawQuery, first, test);
    }
    case 'ClientIP': {
      const isClient = compileClientAddress(first);
      return (head) => isClient(head.clientAddress);
    }
  }
}

/** The part of a host after its first label with the dot, such as `.example.com`; empty for a single label. */
export function wildcardSuffix(host: string): string {
  const dot = host.indexOf('.');
  return dot < 0 ? '' : host.slice(dot);
}

/** Whether a host in lower case is the one of the pattern, which may be `*` or `*.example.com`. */
export function compileHost(pattern: string): (host: string) => boolean {
  if (pattern === '*') return () => true;
  // An empty host never matches a name (Traefik: a request without Host belongs to nobody's router).
  if (!pattern.startsWith('*')) return (host) => host === pattern && pattern !== '';
  const suffix = pattern.slice(1);
  // The star stands for the whole first label, so `*ab.example.com` matches nothing, as in Traefik.
  return (host) => host.endsWith(suffix) && host.indexOf('.') === host.length - suffix.length;
}

function headerPredicate(name: string, test: (value: string) => boolean): HeadPredicate {
  const key = name.toLowerCase();
  return (head) => {
    const value = headerValue(head.headers, key);
    if (typeof value === 'string') return test(value);
    return value?.some(test) ?? false;
  };
}

/** A header by its lower-case name. Own fields only: a rule on `constructor` or `__proto__` must not see what every object inherits. */
export function headerValue(headers: HeaderLookup, key: string): string | readonly string[] | undefined {
  return Object.hasOwn(headers, key) ? headers[key] : undefined;
}

/** Whether an address, without a port, is in the range. @throws Error for a range that parseRule would have refused. */
export function compileClientAddress(text: string): (clientAddress: string) => boolean {
  const range = parseAddressRange(text);
  if (!range) throw new Error(`A rule with an unchecked address was compiled: ${text}`);
  return (clientAddress) => {
    const address = parseAddress(clientAddress);
    return address !== undefined && isInRange(address, range);
  };
}
