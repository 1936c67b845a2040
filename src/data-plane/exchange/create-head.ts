// What rules see of an exchange. Fields are looked up by name only if a rule asks for one: most rules do not.
import type { HeaderLookup, RequestHead } from '../../rules/routing/request-head.ts';
import type { IncomingExchange } from './read-request.ts';

/** `host` and `path` come from the normalisers. Rules see the fields as they go upstream, not as strangers wrote them. */
export function createHead(exchange: IncomingExchange, host: string, path: string): RequestHead {
  return new ExchangeHead(exchange, host, path);
}

/** A class, for its getter: an object literal with one would be made of parts anew for each request. */
class ExchangeHead implements RequestHead {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly clientAddress: string;
  readonly #exchange: IncomingExchange;
  #lookup: HeaderLookup | undefined;

  constructor(exchange: IncomingExchange, host: string, path: string) {
    this.method = exchange.method;
    this.host = host;
    this.path = path;
    this.rawQuery = exchange.query === '' ? '' : exchange.query.slice(1);
    this.clientAddress = exchange.clientAddress;
    this.#exchange = exchange;
  }

  get headers(): HeaderLookup {
    this.#lookup ??= toLookup(this.#exchange);
    return this.#lookup;
  }
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
