// Collects the diagnostics of one declarer (a container, a file), each with the object that it concerns. Secrets never enter: the decoder
// has left them out already.
import type { DecodeFault } from '../../lib/decode-fault.ts';
import type { Diagnostic, DiagnosticCode, ObjectKind } from '../../model/diagnostic.ts';

/** More of one object help nobody. */
const maxOfOneObject = 50;

/** A diagnostic before it is known whom it concerns. */
export type Note = Pick<Diagnostic, 'severity' | 'code' | 'message' | 'hint' | 'label' | 'fix' | 'place'>;
/** What can be declared, or the declarer itself. */
export type NamedObject = { readonly kind: ObjectKind; readonly name: string };

/** The diagnostics of one declarer. */
export type ObjectReport = {
  /** Adds a diagnostic. */
  readonly add: (object: NamedObject, note: Note) => void;
  /** Those of one object, in the order in which they were found. */
  readonly of: (kind: ObjectKind, name: string) => readonly Diagnostic[];
  /** Those of everything but the given objects. */
  readonly rest: (taken: readonly NamedObject[]) => readonly Diagnostic[];
};

/** An empty report. `container`: the name of the container whose labels are read. */
export function createObjectReport(provider: string, container?: string): ObjectReport {
  const byObject = new Map<string, Diagnostic[]>();
  return {
    add(object, note) {
      const key = keyOf(object);
      const list = byObject.get(key) ?? [];
      // The first error is never left out: it is what keeps the object from being used.
      const isNeeded = note.severity === 'error' && !list.some(({ severity }) => severity === 'error');
      if (list.length >= maxOfOneObject && !isNeeded) return;
      list.push({ ...note, provider, object, ...(container === undefined ? {} : { container }) });
      byObject.set(key, list);
    },
    of: (kind, name) => byObject.get(keyOf({ kind, name })) ?? [],
    rest(taken) {
      const keys = new Set(taken.map(keyOf));
      return [...byObject].filter(([key]) => !keys.has(key)).flatMap(([, list]) => list);
    },
  };
}

/** The same report for a container that nobody asked to route: its warnings are remarks. */
export function softened(report: ObjectReport): ObjectReport {
  return {
    ...report,
    add: (object, note) =>
      report.add(object, note.severity === 'warning' ? { ...note, severity: 'info' } : note),
  };
}

const codes = {
  'unknown-key': 'unknown-key',
  'wrong-type': 'wrong-type',
  missing: 'bad-value',
  duplicate: 'bad-value',
  misread: 'misread-by-traefik',
  deprecated: 'deprecated',
  'not-yet': 'not-yet',
} as const satisfies Record<DecodeFault['code'], DiagnosticCode>;

/** A decoder's fault as a note: `key=value`, or the key alone where the value must not be shown. */
export function noteOf(fault: DecodeFault): Note {
  return {
    severity: fault.severity,
    code: codes[fault.code],
    label: fault.value === undefined ? fault.source : `${fault.source}=${fault.value}`,
    message: fault.message,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    ...(fault.fix === undefined ? {} : { fix: fault.fix }),
  };
}

function keyOf({ kind, name }: NamedObject): string {
  return `${kind} ${name}`;
}
