// What was found about one object while it was resolved: its faults so far, and whether it may still serve.
import type { Diagnostic, DiagnosticCode, ObjectKind, Place, Severity } from '../../model/diagnostic.ts';
import type { ObjectStatus } from '../../model/dynamic-config.ts';
import type { Declared } from '../../model/provider-config.ts';

/** One fault as it is found. */
export type Finding = {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The option that is at fault, such as `service` and its value. */
  readonly option?: { readonly key: string; readonly value: string };
  readonly position?: number;
};

/** The judgement on one object while it is being formed. */
export type Verdict = {
  /** Adds a fault. An error disables the object. */
  add(finding: Finding): void;
  /** Disables the object although the fault is none of its user's making (something that Berth has not yet). */
  disable(): void;
  readonly status: () => ObjectStatus;
  /** One sentence for each error and warning. */
  readonly errors: () => readonly string[];
  /** The faults found here; those of the declaration are not among them. */
  readonly found: readonly Diagnostic[];
};

/**
 * Faults of a service's servers. The service goes on with the servers that are left, if only to answer 503: that says
 * more than the 404 of a router which is gone.
 */
const serverFaults: ReadonlySet<DiagnosticCode> = new Set(['missing-port', 'network-unreachable']);

/** Opens the verdict on a declared object: its own faults count from the start. `shownAs` gives its name in diagnostics. */
export function openVerdict(
  kind: ObjectKind & ('router' | 'service' | 'middleware'),
  provider: string,
  declared: Declared<unknown>,
  shownAs: (name: string) => string = (name) => name,
): Verdict {
  const found: Diagnostic[] = [];
  let disabled = declared.faults.some(
    ({ severity, code }) => severity === 'error' && !serverFaults.has(code),
  );
  const weighty = () => [...declared.faults, ...found].filter((fault) => fault.severity !== 'info');
  const { labels } = declared;
  const container = labels === undefined ? undefined : declared.origins[0];
  return {
    found,
    add({ severity, code, message, hint, option, position }) {
      if (severity === 'error') disabled = true;
      const label = labels === undefined ? option?.key : option && labelOf(labels, option.key);
      const place = placeOf(declared.places, option?.key);
      found.push({
        severity,
        code,
        provider,
        object: { kind, name: shownAs(`${declared.name}@${provider}`) },
        ...(container === undefined ? {} : { container }),
        ...(place === undefined ? {} : { place }),
        ...(option === undefined || label === undefined ? {} : { label: `${label}=${option.value}` }),
        ...(position === undefined ? {} : { position }),
        message,
        ...(hint === undefined ? {} : { hint }),
      });
    },
    disable() {
      disabled = true;
    },
    status: () => (disabled ? 'disabled' : weighty().length > 0 ? 'warning' : 'enabled'),
    errors: () => [...new Set(weighty().map((fault) => fault.message))],
  };
}

/** The place of the option, or of what stands nearest above it. */
function placeOf(places: Declared<unknown>['places'] = {}, option = ''): Place | undefined {
  const parts = option.toLowerCase().split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const path = parts.slice(0, length).join('.');
    if (Object.hasOwn(places, path)) return places[path];
  }
  return places[''];
}

function labelOf(labels: readonly string[], option: string): string | undefined {
  return labels.findLast((key) => optionOf(key) === option.toLowerCase());
}

/** What stands behind `root.protocol.kind.name.` in the key of a label. */
function optionOf(label: string): string {
  return label.split('.').slice(4).join('.').toLowerCase();
}
