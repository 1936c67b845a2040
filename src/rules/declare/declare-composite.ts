// Services over services, wherever they are written.
import { type CompositeOptions, compositeKinds } from '../../model/composite-service.ts';
import type { ServiceOptions } from '../../model/service.ts';
import type { Declarer } from './declarations.ts';
import { fingerprintOf, type ServiceDefinition } from './declarations.ts';
import { listNames } from './list-names.ts';
import type { Note, ObjectReport } from './object-report.ts';
import type { Trace } from './written.ts';

/** The options of the kind of service over services that is named; undefined where none is. */
export function compositeOf(options: ServiceOptions): CompositeOptions | undefined {
  const kind = compositeKinds.find((name) => options[name] !== undefined);
  return kind && ({ kind, options: options[kind] } as CompositeOptions);
}

/** One such service of a declarer. A service that has several kinds is faulty, as in Traefik. */
export function declareComposite(
  name: string,
  services: ServiceOptions,
  composite: CompositeOptions,
  declarer: Declarer,
  report: ObjectReport,
  trace: Trace,
): ServiceDefinition {
  const several = severalKinds(name, services);
  if (several !== undefined) {
    report.add({ kind: 'service', name }, { ...several, ...placeOf(trace) });
  }
  if ((services.middlewares ?? []).length > 0) {
    report.add(
      { kind: 'service', name },
      {
        severity: 'error',
        code: 'not-yet',
        message: 'Services over services have no middlewares of their own yet.',
        hint: 'List them at the routers that lead to it.',
        ...placeOf(trace),
      },
    );
  }
  const faults = report.of('service', name);
  return {
    name,
    declarer,
    fingerprint: fingerprintOf(composite, faults),
    faults,
    replicaFaults: [],
    alone: { name, options: composite, origins: [declarer.name], faults, ...trace, replicas: [] },
  };
}

function severalKinds(name: string, options: ServiceOptions): Note | undefined {
  const kinds = (['loadBalancer', ...compositeKinds] as const).filter((kind) => options[kind] !== undefined);
  if (kinds.length < 2) return undefined;
  return {
    severity: 'error',
    code: 'bad-value',
    message: `The service ${name} has several kinds: ${listNames(kinds)}.`,
    hint: 'Make it several services, each with one of them.',
  };
}

function placeOf({ places }: Trace): Pick<Note, 'place'> {
  const place = places?.[''];
  return place === undefined ? {} : { place };
}
