// basicAuth: a name and a password (RFC 7617) checked against hashes (Traefik pkg/middlewares/auth). Checking bcrypt is
// slow by design, so each pair of credentials is checked once and its outcome remembered under a salted hash.
import { fieldOf, removeField, removeFieldAndAliases } from '../../../lib/header-fields.ts';
import type { BasicAuthOptions } from '../../../model/middlewares/basic-auth.ts';
import type { Answer, Exchange, HeadMiddleware } from '../exchange.ts';
import { type Credentials, readCredentials } from './read-credentials.ts';
import { readUsers } from './read-users.ts';
import { createVerifier } from './verify-password.ts';

/** Asks for a name and a password (RFC 7617, Traefik v3.7 "BasicAuth"). Waits only for credentials not seen before. */
export function compileBasicAuth(
  options: BasicAuthOptions,
  io: { readonly readFile: (path: string) => string },
): HeadMiddleware {
  const lines = [...(options.users ?? [])];
  if (options.usersFile) lines.push(...io.readFile(options.usersFile).split(/\r?\n/));
  const verify = createVerifier(readUsers(lines));
  const realm = options.realm || 'traefik';
  const refusal: Answer = {
    status: 401,
    fields: [
      'WWW-Authenticate',
      `Basic realm="${realm.replace(/["\\]/g, '\\$&')}"`,
      'Content-Type',
      'text/plain; charset=utf-8',
    ],
    body: '401 Unauthorized\n',
  };
  const refuse = (): Answer => ({ ...refusal, fields: [...refusal.fields] });

  const settle = (exchange: Exchange, { user }: Credentials, isRight: boolean): Answer | undefined => {
    if (!isRight) return refuse();
    exchange.user = user;
    // Set here alone: a client must not bring the name of another user along.
    if (options.headerField) {
      removeFieldAndAliases(exchange.fields, options.headerField);
      exchange.fields.push(options.headerField, user);
    }
    if (options.removeHeader === true) removeField(exchange.fields, 'authorization');
    return undefined;
  };

  return (exchange) => {
    const credentials = readCredentials(fieldOf(exchange.fields, 'authorization'));
    if (credentials === undefined) return refuse();
    const verdict = verify(credentials);
    return typeof verdict === 'boolean'
      ? settle(exchange, credentials, verdict)
      : verdict.then((isRight) => settle(exchange, credentials, isRight));
  };
}
