// Users of digestAuth (Traefik v3.7, middlewares/auth/digest_auth.go): one bad user makes the whole middleware fail. No message
// holds a secret.
import type { DigestAuthOptions } from '../../model/middlewares/digest-auth.ts';
import type { Finding } from './verdict.ts';

/** What is wrong with its users. */
export function checkDigestAuth({ users = [], usersFile, realm }: DigestAuthOptions): readonly Finding[] {
  const expected = realm || 'traefik';
  const option = { key: 'digestAuth.users', value: '<redacted>' };
  const bad = users.findIndex((user) => !/^[^:]+:[^:]+:[0-9a-f]{32}$/i.test(user));
  if (bad >= 0) {
    return [
      {
        severity: 'error',
        code: 'bad-value',
        message: `User ${bad + 1} of ${users.length} is no name:realm:hash triple.`,
        hint: `Write triples as htdigest writes them, joined by commas: htdigest -c users.txt ${expected} name.`,
        option,
      },
    ];
  }
  if (users.length === 0 && !usersFile) {
    const message = 'There is no user, so every request is refused.';
    return [{ severity: 'warning', code: 'bad-value', message, hint: 'Set digestAuth.users.' }];
  }
  const others = users.filter((user) => user.split(':')[1] !== expected).length;
  if (others === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'bad-value',
      message: `${others} of ${users.length} users are of another realm than ${JSON.stringify(expected)}, so they are always refused.`,
      hint: `Set digestAuth.realm to theirs, or make their hashes with htdigest and ${JSON.stringify(expected)}.`,
      option,
    },
  ];
}
