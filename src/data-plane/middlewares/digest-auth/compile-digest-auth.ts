// digestAuth: a password that is proved and not sent (RFC 7616 with MD5, the only algorithm that Traefik's files hold).
import { createHash, timingSafeEqual } from 'node:crypto';
import { fieldOf } from '../../../lib/header-fields.ts';
import type { DigestAuthOptions } from '../../../model/middlewares/digest-auth.ts';
import type { Limits } from '../../live-state/limits.ts';
import type { Exchange, HeadMiddleware } from '../exchange.ts';
import { askForPassword, passUser, quoted } from '../pass-user.ts';
import { createNonces } from './nonces.ts';
import { type DigestField, readDigestField } from './read-digest-field.ts';

type DigestIo = {
  readonly readFile: (path: string) => string;
  readonly limits: Limits;
};

/** Asks for a name and a password (Traefik v3.7 "DigestAuth"). `name` says whose nonces count. */
export function compileDigestAuth(options: DigestAuthOptions, io: DigestIo, name: string): HeadMiddleware {
  const lines = [...(options.users ?? [])];
  if (options.usersFile) lines.push(...io.readFile(options.usersFile).split(/\r?\n/));
  const hashes = readDigestUsers(lines);
  const realm = options.realm || 'traefik';
  const nonces = createNonces(name, io.limits);
  const challenge = (isStale: boolean): string =>
    `Digest realm=${quoted(realm)}, nonce="${nonces.create(process.hrtime.bigint())}", algorithm=MD5, qop="auth"${isStale ? ', stale=true' : ''}`;

  return (exchange) => {
    const field = readDigestField(fieldOf(exchange.fields, 'authorization'));
    if (field === undefined || !isProof(field, exchange, realm, hashes))
      return askForPassword(challenge(false));
    const count = Number.parseInt(field.get('nc') ?? '', 16);
    const verdict = nonces.take(field.get('nonce') ?? '', count, process.hrtime.bigint());
    if (verdict !== 'fresh') return askForPassword(challenge(verdict === 'used'));
    passUser(exchange, options, field.get('username') ?? '');
    return undefined;
  };
}

/** By `name:realm`. Empty lines, comments and lines that are no triples are skipped. */
export function readDigestUsers(lines: readonly string[]): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const line of lines) {
    const [user = '', realm = '', hash = '', ...rest] = line.trim().split(':');
    if (user === '' || user.startsWith('#') || hash === '' || rest.length > 0) continue;
    users.set(`${user}:${realm}`, hash.toLowerCase());
  }
  return users;
}

/** RFC 7616 §3.4.1. An unknown user costs as much as a known one, so that names cannot be told by the clock. */
function isProof(
  field: DigestField,
  { method, originalTarget }: Pick<Exchange, 'method' | 'originalTarget'>,
  realm: string,
  hashes: ReadonlyMap<string, string>,
): boolean {
  const said = (name: string): string => field.get(name) ?? '';
  // The proof is for this target; Traefik takes one for any path in front of it, which could be shown again elsewhere.
  const isForUs =
    said('realm') === realm &&
    said('qop') === 'auth' &&
    (field.get('algorithm') ?? 'MD5').toUpperCase() === 'MD5' &&
    said('uri') === originalTarget &&
    /^[0-9a-f]{8}$/i.test(said('nc'));
  const hash = hashes.get(`${said('username')}:${realm}`);
  const parts = [
    hash ?? '',
    said('nonce'),
    said('nc'),
    said('cnonce'),
    'auth',
    md5(`${method}:${said('uri')}`),
  ];
  return isSame(md5(parts.join(':')), said('response').toLowerCase()) && hash !== undefined && isForUs;
}

function md5(text: string): string {
  return createHash('md5').update(text, 'latin1').digest('hex');
}

function isSame(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}
