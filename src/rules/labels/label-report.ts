// Collects the diagnostics of one container, each with the object that it concerns. Secrets never enter: the decoder
// has left them out already.
import type { DecodeFault } from '../../lib/decode-fault.ts';
import type { Diagnostic, DiagnosticCode, ObjectKind } from '../../model/diagnostic.ts';

/** More of one object help nobody. */
const maxOfOneObject = 50;

/** A diagnostic before it is known whom it concerns. */
export type Note = Pick<Diagnostic, 'severity' | 'code' | 'message' | 'hint' | 'label' | 'fix'>;
/** What labels can declare, or the container itself. */
export type LabelledObject = { readonly kind: ObjectKind; readonly name: string };

/** The diagnostics of one container. */
export type LabelReport = {
  /** Adds a diagnostic. */
  readonly add: (object: LabelledObject, note: Note) => void;
  /** Those of one object, in the order in which they were found. */
  readonly of: (kind: ObjectKind, name: string) => readonly Diagnostic[];
  /** Those of everything but the given objects. */
  readonly rest: (taken: readonly LabelledObject[]) => readonly Diagnostic[];
};

/** An empty report for a container. */
export function createLabelReport(provider: string, container: string): LabelReport {
  const byObject = new Map<string, Diagnostic[]>();
  return {
    add(object, note) {
      const key = keyOf(object);
      const list = byObject.get(key) ?? [];
      // The first error is never left out: it is what keeps the object from being used.
      const isNeeded = note.severity === 'error' && !list.some(({ severity }) => severity === 'error');
      if (list.length >= maxOfOneObject && !isNeeded) return;
      list.push({ ...note, provider, object, container });
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
export function softened(report: LabelReport): LabelReport {
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

function keyOf({ kind, name }: LabelledObject): string {
  return `${kind} ${name}`;
}
