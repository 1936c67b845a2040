// The listening sockets that a generation has inherited, as descriptors to be handed out. Each is used once: whoever listens
// on it closes it.
import { closeSync } from 'node:fs';
import type { InheritedSockets } from './protocol.ts';

/** Descriptors by entry point and slot. */
export type SocketStore = {
  /** One descriptor for each entry point that has this slot; undefined when one of them has no more. */
  take(slot: number, entryPoints: readonly string[]): ReadonlyMap<string, number> | undefined;
  /** The family of an entry point's sockets, where it has been told. */
  familyOf(entryPoint: string): 4 | 6 | undefined;
  /** Closes what was not handed out: as long as one descriptor is open, the kernel takes connections. */
  close(): void;
};

/** Takes over all of them. */
export function createInheritedSockets(inherited: readonly InheritedSockets[]): SocketStore {
  const left = new Map(
    inherited.map(({ entryPoint, slots }) => [entryPoint, slots.map((descriptors) => [...descriptors])]),
  );
  const families = new Map(inherited.map(({ entryPoint, family }) => [entryPoint, family]));
  return {
    familyOf: (entryPoint) => families.get(entryPoint),
    take(slot, entryPoints) {
      const piles = entryPoints.map((name) => [name, left.get(name)?.[slot] ?? []] as const);
      if (piles.some(([, pile]) => pile.length === 0)) return undefined;
      return new Map(piles.map(([name, pile]) => [name, pile.shift() ?? -1]));
    },
    close() {
      for (const slots of left.values()) {
        for (const pile of slots) for (const descriptor of pile.splice(0)) closeSync(descriptor);
      }
    },
  };
}
