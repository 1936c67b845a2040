// How declared objects are written, whatever they are written in: labels of a container, a file, keys of a store.
import type { ObjectKind } from '../../model/diagnostic.ts';
import type { Declared } from '../../model/provider-config.ts';

/** What can be declared. */
export type DeclaredKind = ObjectKind & ('router' | 'service' | 'middleware');

/** Names of options, for hints. */
export type OptionNames = {
  /** How an option of an object is spelt, given in lower case, such as `loadbalancer.server.port` of the service `app`. */
  readonly of: (kind: DeclaredKind, name: string, option: string) => string;
};

/** The objects of one protocol as their user wrote them. */
export type Written = {
  readonly names: OptionNames;
  /** Where an object is written: what later diagnostics on it refer to. */
  readonly traceOf: (kind: DeclaredKind, name: string) => Trace;
};

/** Where an object is written. */
export type Trace = Pick<Declared<unknown>, 'labels' | 'places'>;
