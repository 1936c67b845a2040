// The middlewares that one declares, those of HTTP and those of TCP. Each has exactly one kind; one that cannot be used is kept
// as a name with its faults, so that no other declarer's definition takes its place unnoticed.
import { type MiddlewareOptions, middlewareSchemas } from '../../model/middlewares/catalog.ts';
import type { Declared } from '../../model/provider-config.ts';
import { tcpName } from '../../model/tcp.ts';
import { type TcpMiddlewareOptions, tcpMiddlewareSchemas } from '../../model/tcp-middlewares.ts';
import { checkMiddleware } from './check-middleware.ts';
import { type Declarer, type Definition, fingerprintOf, hasError } from './declarations.ts';
import type { Note, ObjectReport } from './object-report.ts';
import type { PlacedFaults } from './place-faults.ts';
import type { OptionNames, Written } from './written.ts';

/** What is special about the middlewares of one protocol. */
export type MiddlewareProtocol<O> = {
  readonly protocol: 'http' | 'tcp';
  /** The kinds that there are. */
  readonly kinds: readonly string[];
  /** The name in diagnostics. */
  readonly shownAs: (name: string) => string;
  /** Faults of one that decoded well. */
  readonly check: (options: O, labelOf: (option: string) => string) => readonly Note[];
};

/** Middlewares of HTTP. */
export const httpMiddlewares: MiddlewareProtocol<MiddlewareOptions> = {
  protocol: 'http',
  kinds: Object.keys(middlewareSchemas),
  shownAs: (name) => name,
  check: checkMiddleware,
};

/** Middlewares of TCP. */
export const tcpMiddlewares: MiddlewareProtocol<TcpMiddlewareOptions> = {
  protocol: 'tcp',
  kinds: Object.keys(tcpMiddlewareSchemas),
  shownAs: tcpName,
  check: () => [],
};

type AnyOptions = { readonly kind: string; readonly options: unknown };

/** The middlewares under their names, with what reading has found out about their kinds. */
export function declareMiddlewares<O extends AnyOptions>(
  { protocol, kinds: known, shownAs, check }: MiddlewareProtocol<O>,
  middlewares: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  { kindsNotYet, kindsGuessed }: Omit<PlacedFaults, 'misspelt'>,
  { traceOf, names }: Written,
  declarer: Declarer,
  report: ObjectReport,
): Definition<Declared<O>>[] {
  const ours = (one: { readonly protocol: string }) => one.protocol === protocol;
  const notYet = Map.groupBy(kindsNotYet.filter(ours), (one) => one.name);
  const guesses = new Map(
    kindsGuessed.filter(ours).map((one) => [one.name.toLowerCase(), one.kind.toLowerCase()]),
  );
  return [...middlewares].map(([name, tree]) => {
    const shown = shownAs(name);
    const kinds = known.filter((kind) => Object.hasOwn(tree, kind));
    const others = (notYet.get(name) ?? []).map(({ kind }) => kind);
    const guessed = guesses.get(name.toLowerCase());
    // A guessed kind comes with an error, so that it is shown and never used.
    const kind = kinds[0] ?? known.find((one) => one.toLowerCase() === guessed);
    // The table of schemas ties each kind to its options; TypeScript cannot follow that through a variable.
    const options = kind === undefined ? undefined : ({ kind, options: tree[kind] ?? {} } as O);
    for (const note of notesOnKinds(name, [...kinds, ...others], known, names)) {
      // What was misspelt may be the kind.
      if (kinds.length + others.length > 0 || !hasError(report.of('middleware', shown)))
        report.add({ kind: 'middleware', name: shown }, note);
    }
    if (options !== undefined && !hasError(report.of('middleware', shown))) {
      for (const note of check(options, (option) => names.of('middleware', name, option)))
        report.add({ kind: 'middleware', name: shown }, note);
    }
    const faults = report.of('middleware', shown);
    return {
      name,
      declarer,
      fingerprint: fingerprintOf([options, others], faults),
      faults,
      ...(options === undefined || others.length > 0
        ? {}
        : {
            alone: { name, options, origins: [declarer.name], faults, ...traceOf('middleware', name) },
          }),
    };
  });
}

function notesOnKinds(
  name: string,
  kinds: readonly string[],
  known: readonly string[],
  names: OptionNames,
): readonly Note[] {
  if (kinds.length === 1) return [];
  const note =
    kinds.length > 1
      ? {
          message: `The middleware ${name} has the kinds ${kinds.join(' and ')}; it can have one only.`,
          hint: `Give each kind a name of its own, and list both names at the router.`,
        }
      : {
          message: `The middleware ${name} has no kind.`,
          hint: `Set one of ${names.of('middleware', name, `{${known.join(',')}}`)}.`,
        };
  return [{ severity: 'error', code: 'bad-value', ...note }];
}
