// What rules see of an exchange. Fields are looked up by name only if a rule asks for one: most rules do not.
import type { HeaderLookup, RequestHead } from '../../rules/routing/request-head.ts';
import type { IncomingExchange } from './read-request.ts';

/** `host` and `path` come from the normalisers. Rules see the fields as they go upstream, not as strangers wrote them. */
export function createHead(exchange: IncomingExchange, host: string, path: string): RequestHead {
  let lookup: HeaderLookup | undefined;
  return {
    method: exchange.method,
    host,
    path,
    rawQuery: exchange.query === '' ? '' : exchange.query.slice(1),
    clientAddress: exchange.clientAddress,
    get headers() {
      lookup ??= toLookup(exchange);
      return lookup;
    },
  };
}

function toLookup({ fields, host }: IncomingExchange): HeaderLookup {
  // No prototype: a field may be called __proto__.
  const lookup: Record<string, string | string[]> = Object.create(null);
  lookup['host'] = host;
  for (let at = 0; at < fields.length; at += 2) {
    const name = (fields[at] ?? '').toLowerCase();
    const value = fields[at + 1] ?? '';
    const before = lookup[name];
    if (before === undefined) lookup[name] = value;
    else if (typeof before === 'string') lookup[name] = [before, value];
    else before.push(value);
  }
  return lookup;
}
