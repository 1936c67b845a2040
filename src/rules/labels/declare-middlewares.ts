// The middlewares of a container. Each has exactly one kind; one that cannot be used is kept as a name with its
// faults, so that no other container's definition takes its place unnoticed.
import {
  type MiddlewareKind,
  type MiddlewareOptions,
  middlewareSchemas,
} from '../../model/middlewares/catalog.ts';
import { checkMiddleware } from './check-middleware.ts';
import { type Declarer, fingerprintOf, hasError, type MiddlewareDefinition } from './declarations.ts';
import type { LabelNames } from './label-names.ts';
import type { LabelReport } from './label-report.ts';
import type { MiddlewareTree } from './label-schema.ts';
import type { ReadLabels } from './read-labels.ts';

const catalogKinds = Object.keys(middlewareSchemas) as MiddlewareKind[];

/** The middlewares under their names, with what reading the labels has found out about their kinds. */
export function declareMiddlewares(
  middlewares: ReadonlyMap<string, MiddlewareTree>,
  {
    kindsNotYet,
    kindsGuessed,
    labelsOf,
    names,
  }: Pick<ReadLabels, 'kindsNotYet' | 'kindsGuessed' | 'labelsOf' | 'names'>,
  declarer: Declarer,
  report: LabelReport,
): MiddlewareDefinition[] {
  const notYet = Map.groupBy(kindsNotYet, (one) => one.name);
  const guesses = new Map(kindsGuessed.map((one) => [one.name.toLowerCase(), one.kind.toLowerCase()]));
  return [...middlewares].map(([name, tree]) => {
    const kinds = catalogKinds.filter((kind) => Object.hasOwn(tree, kind));
    const others = (notYet.get(name) ?? []).map(({ kind }) => kind);
    const guessed = guesses.get(name.toLowerCase());
    // A guessed kind comes with an error, so that it is shown and never used.
    const kind = kinds[0] ?? catalogKinds.find((known) => known.toLowerCase() === guessed);
    const options = kind === undefined ? undefined : optionsOf(tree, kind);
    reportKinds(name, [...kinds, ...others], report, names);
    if (options !== undefined && !hasError(report.of('middleware', name))) {
      for (const note of checkMiddleware(options, (option) => names.of('middleware', name, option)))
        report.add({ kind: 'middleware', name }, note);
    }
    const faults = report.of('middleware', name);
    return {
      name,
      declarer,
      fingerprint: fingerprintOf([options, others], faults),
      faults,
      ...(options === undefined || others.length > 0
        ? {}
        : {
            alone: { name, options, origins: [declarer.name], faults, labels: labelsOf('middleware', name) },
          }),
    };
  });
}

function optionsOf(tree: MiddlewareTree, kind: MiddlewareKind): MiddlewareOptions {
  // The table of schemas ties each kind to its options; TypeScript cannot follow that through a variable.
  return { kind, options: tree[kind] ?? {} } as MiddlewareOptions;
}

function reportKinds(name: string, kinds: readonly string[], report: LabelReport, names: LabelNames): void {
  const object = { kind: 'middleware' as const, name };
  if (kinds.length > 1) {
    report.add(object, {
      severity: 'error',
      code: 'bad-value',
      message: `The middleware ${name} has the kinds ${kinds.join(' and ')}; it can have one only.`,
      hint: `Give each kind a name of its own, and list both names at the router.`,
    });
  } else if (kinds.length === 0 && !hasError(report.of('middleware', name))) {
    report.add(object, {
      severity: 'error',
      code: 'bad-value',
      message: `The middleware ${name} has no kind.`,
      hint: `Set one of ${names.of('middleware', name, `{${Object.keys(middlewareSchemas).join(',')}}`)}.`,
    });
  }
}
