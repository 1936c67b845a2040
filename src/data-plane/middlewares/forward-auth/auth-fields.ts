// What the server that decides on access is told of a request: its fields, and by X-Forwarded-* what cannot be a part of
// another request (Traefik v3.7, middlewares/auth/forward.go, writeHeader and oldWriteHeader).
import { type Fields, fieldOf, joinedFieldOf, setField } from '../../../lib/header-fields.ts';
import type { ForwardAuthOptions } from '../../../model/middlewares/forward-auth.ts';
import type { Exchange } from '../exchange.ts';

/** Makes the fields of the question; those of the request are not changed. */
export type AuthFields = (exchange: Exchange) => Fields;

/** Traefik's XHeadersSet: what its entry points manage. */
const managed: ReadonlySet<string> = new Set([
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-forwarded-uri',
  'x-forwarded-method',
  'x-forwarded-prefix',
  'x-forwarded-tls-client-cert',
  'x-forwarded-tls-client-cert-info',
  'x-scheme',
  'x-real-ip',
]);

/** Told always: a question that comes back to this gateway has to be known as one that goes round. */
const hops = 'x-berth-hops';

/** The question has no body, and its connection is its own (RFC 9110 §7.6.1). */
const ofTheRequest: ReadonlySet<string> = new Set(['content-length', 'te']);

/** Methods whose requests say that they have no body (RFC 9110 §8.6). */
const mayHaveContent: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Compiles what the options say of fields. */
export function compileAuthFields({
  trustForwardHeader: trusts,
  authRequestHeaders = [],
  preserveRequestMethod = false,
}: Pick<
  ForwardAuthOptions,
  'trustForwardHeader' | 'authRequestHeaders' | 'preserveRequestMethod'
>): AuthFields {
  const wanted = new Set(authRequestHeaders.map((name) => name.toLowerCase()));
  const tellsAll = wanted.size === 0;
  const tells = (name: string): boolean => {
    if (ofTheRequest.has(name)) return false;
    if (name === hops) return true;
    const isManaged = managed.has(name.replaceAll('_', '-'));
    if (isManaged && trusts === false) return false;
    return tellsAll || wanted.has(name) || (isManaged && trusts === true);
  };

  return (exchange) => {
    const fields: Fields = [];
    for (let at = 0; at < exchange.fields.length; at += 2) {
      const name = exchange.fields[at] ?? '';
      if (tells(name.toLowerCase())) fields.push(name, exchange.fields[at + 1] ?? '');
    }
    const set = trusts === undefined ? setField : setWhereMissing;
    setClient(fields, exchange.clientAddress, trusts === undefined);
    set(fields, 'X-Forwarded-Method', exchange.method);
    set(fields, 'X-Forwarded-Proto', exchange.isTls ? 'https' : 'http');
    if (trusts !== undefined) setWhereMissing(fields, 'X-Forwarded-Port', portOf(exchange, fields));
    set(fields, 'X-Forwarded-Host', exchange.host);
    set(fields, 'X-Forwarded-Uri', exchange.path + exchange.query);
    if (preserveRequestMethod && mayHaveContent.has(exchange.method)) fields.push('Content-Length', '0');
    return fields;
  };
}

function setClient(fields: Fields, address: string, isAlone: boolean): void {
  const before = isAlone ? undefined : joinedFieldOf(fields, 'x-forwarded-for');
  setField(fields, 'X-Forwarded-For', before === undefined ? address : `${before}, ${address}`);
}

function setWhereMissing(fields: Fields, name: string, value: string): void {
  if (fieldOf(fields, name.toLowerCase()) === undefined) fields.push(name, value);
}

/** Traefik's forwardedPort: of the Host field, else of the scheme. */
function portOf({ host, isTls }: Exchange, fields: Fields): string {
  const port = /:(\d+)$/.exec(host)?.[1];
  if (port !== undefined) return port;
  const scheme = fieldOf(fields, 'x-forwarded-proto');
  return isTls || scheme === 'https' || scheme === 'wss' ? '443' : '80';
}
