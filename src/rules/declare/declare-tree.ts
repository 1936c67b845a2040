// What a file (or a document of an endpoint, or the keys of a store) declares. Pure; never throws. Only the faulty object is
// lost, never the file. Unlike a container it is no server itself: its services name theirs.
import { decodeTree } from '../../lib/decode-tree.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Declared } from '../../model/provider-config.ts';
import { tcpName } from '../../model/tcp.ts';
import { udpName } from '../../model/udp.ts';
import { type Declarations, type Definition, fingerprintOf, noObjects } from './declarations.ts';
import {
  declareListedServices,
  declareListedTcpServices,
  declareListedUdpServices,
} from './declare-listed-services.ts';
import { declareMiddlewares, httpMiddlewares, tcpMiddlewares } from './declare-middlewares.ts';
import { type DynamicTree, fileFields } from './dynamic-schema.ts';
import type { FilePlaces } from './file-places.ts';
import { createObjectReport, type NamedObject } from './object-report.ts';
import { placeFaults, sharpNoteOf } from './place-faults.ts';
import type { TreeContext, TreeSource } from './tree-source.ts';
import type { Written } from './written.ts';

/** Decodes a tree of plain values and declares what it holds. */
export function declareTree(value: unknown, places: FilePlaces, source: TreeSource): Declarations {
  const { provider, name, spell } = source;
  const report = createObjectReport(provider);
  const placesOf: TreeContext['placesOf'] = (path) => {
    const place = places.of(path);
    return place === undefined ? {} : { place };
  };
  const { value: decoded, faults } = decodeTree(value, fileFields, [], { mode: 'strict', spell });
  const tree = decoded as DynamicTree;
  const placed = placeFaults(faults, selfOf(provider), report, (fault) => ({
    ...sharpNoteOf(fault),
    ...placesOf(fault.path),
  }));
  const context: TreeContext = {
    ...source,
    declarer: { id: name, name, created: 0 },
    report,
    placesOf,
    written: {
      http: writtenIn('http', places, spell),
      tcp: writtenIn('tcp', places, spell),
      udp: writtenIn('udp', places, spell),
    },
  };
  const { declarer, written } = context;
  const objects = {
    routers: declareRouters(Object.entries(tree.http?.routers ?? {}), written.http, (own) => own, context),
    services: declareListedServices(tree.http?.services ?? {}, context),
    middlewares: declareMiddlewares(
      httpMiddlewares,
      new Map(Object.entries(tree.http?.middlewares ?? {})),
      placed,
      written.http,
      declarer,
      report,
    ),
    tcpRouters: declareRouters(Object.entries(tree.tcp?.routers ?? {}), written.tcp, tcpName, context),
    tcpServices: declareListedTcpServices(tree.tcp?.services ?? {}, context),
    tcpMiddlewares: declareMiddlewares(
      tcpMiddlewares,
      new Map(Object.entries(tree.tcp?.middlewares ?? {})),
      placed,
      written.tcp,
      declarer,
      report,
    ),
    udpRouters: declareRouters(Object.entries(tree.udp?.routers ?? {}), written.udp, udpName, context),
    udpServices: declareListedUdpServices(tree.udp?.services ?? {}, context),
  };
  const named: NamedObject[] = [
    ...objects.routers.map((one) => ({ kind: 'router' as const, name: one.name })),
    ...objects.services.map((one) => ({ kind: 'service' as const, name: one.name })),
    ...objects.middlewares.map((one) => ({ kind: 'middleware' as const, name: one.name })),
    ...objects.tcpRouters.map((one) => ({ kind: 'router' as const, name: tcpName(one.name) })),
    ...objects.tcpServices.map((one) => ({ kind: 'service' as const, name: tcpName(one.name) })),
    ...objects.tcpMiddlewares.map((one) => ({ kind: 'middleware' as const, name: tcpName(one.name) })),
    ...objects.udpRouters.map((one) => ({ kind: 'router' as const, name: udpName(one.name) })),
    ...objects.udpServices.map((one) => ({ kind: 'service' as const, name: udpName(one.name) })),
  ];
  return { declarer, ...objects, diagnostics: report.rest(named) };
}

/** A source that cannot be read at all: nothing but the reason. */
export function declareNothing(
  { name }: Pick<TreeSource, 'name'>,
  diagnostics: readonly Diagnostic[],
): Declarations {
  return {
    declarer: { id: name, name, created: 0 },
    ...noObjects,
    diagnostics,
  };
}

function selfOf(provider: string): NamedObject {
  return { kind: 'provider', name: provider };
}

/** What is missing in a router is found where it is resolved, as for all providers. */
function declareRouters<O extends object>(
  routers: readonly (readonly [name: string, options: O])[],
  written: Written,
  shownAs: (name: string) => string,
  { declarer, report }: TreeContext,
): Definition<Declared<O>>[] {
  return routers.map(([name, options]) => {
    const faults = report.of('router', shownAs(name));
    return {
      name,
      declarer,
      fingerprint: fingerprintOf(options, faults),
      faults,
      alone: { name, options, origins: [declarer.name], faults, ...written.traceOf('router', name) },
    };
  });
}

function writtenIn(protocol: string, places: FilePlaces, spell: TreeSource['spell']): Written {
  return {
    names: { of: (kind, name, option) => spell([protocol, `${kind}s`, name, ...option.split('.')]) },
    traceOf: (kind, name) => ({ places: places.below(protocol, `${kind}s`, name) }),
  };
}
