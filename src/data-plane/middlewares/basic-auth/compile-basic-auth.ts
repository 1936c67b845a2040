// basicAuth: a name and a password (RFC 7617) checked against hashes (Traefik pkg/middlewares/auth). Checking bcrypt is
// slow by design, so each pair of credentials is checked once and its outcome remembered under a salted hash.
import { fieldOf } from '../../../lib/header-fields.ts';
import type { BasicAuthOptions } from '../../../model/middlewares/basic-auth.ts';
import type { Answer, Exchange, HeadMiddleware } from '../exchange.ts';
import { askForPassword, passUser, quoted } from '../pass-user.ts';
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
  const refuse = (): Answer => askForPassword(`Basic realm=${quoted(realm)}`);

  const settle = (exchange: Exchange, { user }: Credentials, isRight: boolean): Answer | undefined => {
    if (!isRight) return refuse();
    passUser(exchange, options, user);
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
