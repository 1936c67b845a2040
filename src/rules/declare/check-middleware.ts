// What the schema of a middleware cannot say, and what only labels can get wrong.
import { RE2JS, RE2JSException } from 're2js';
import type {
  MiddlewareKind,
  MiddlewareOptions,
  MiddlewareOptionsByKind,
} from '../../model/middlewares/catalog.ts';
import type { Note } from './object-report.ts';

/** The label that sets an option of the middleware, given in lower case. */
type LabelOf = (option: string) => string;

type Check<K extends MiddlewareKind> = (
  options: MiddlewareOptionsByKind[K],
  labelOf: LabelOf,
) => readonly Note[];

/** What all providers can get wrong alike is checked in rules/resolve; what is left here concerns labels. */
const checks: { readonly [K in MiddlewareKind]?: Check<K> } = {
  basicAuth: checkBasicAuth,
  headers: checkHeaders,
};

/** Faults of a middleware that decoded well. No message holds a secret. */
export function checkMiddleware(middleware: MiddlewareOptions, labelOf: LabelOf): readonly Note[] {
  const check = checks[middleware.kind] as
    | ((options: unknown, labelOf: LabelOf) => readonly Note[])
    | undefined;
  return check?.(middleware.options, labelOf) ?? [];
}

/** Source: Traefik v3.7, middlewares/auth/auth.go: one bad user makes the whole middleware fail. */
function checkBasicAuth(
  { users = [], usersFile }: MiddlewareOptionsByKind['basicAuth'],
  labelOf: LabelOf,
): Note[] {
  const label = labelOf('basicauth.users');
  const bad = users.findIndex((user) => !/^[^:]+:.+$/.test(user));
  if (bad >= 0) {
    return [
      {
        severity: 'error',
        code: 'bad-value',
        label,
        message: `User ${bad + 1} of ${users.length} is no name:hash pair.`,
        hint: 'Write pairs as `htpasswd -nB name` prints them, joined by commas; in Compose files write $$ for $.',
      },
    ];
  }
  if (users.length > 0 || usersFile) return [];
  return [
    {
      severity: 'warning',
      code: 'bad-value',
      label,
      message: 'There is no user, so every request is refused.',
      hint: `Set ${label}.`,
    },
  ];
}

function checkHeaders(options: MiddlewareOptionsByKind['headers'], labelOf: LabelOf): Note[] {
  return (options.accessControlAllowOriginListRegex ?? []).flatMap((source) => {
    try {
      RE2JS.compile(source);
      return [];
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      const note: Note = {
        severity: 'error',
        code: 'bad-value',
        label: labelOf('headers.accesscontrolalloworiginlistregex'),
        message: `A regular expression is faulty: ${error.message}.`,
        hint: 'Commas separate the expressions of this list, so none can hold one.',
      };
      return [note];
    }
  });
}
