// Faults of a decoder → diagnostics at the objects that they concern, and what they tell of those objects.
import type { DecodeFault } from '../../lib/decode-fault.ts';
import { tcpName } from '../../model/tcp.ts';
import { udpName } from '../../model/udp.ts';
import { type NamedObject, type Note, noteOf, type ObjectReport } from './object-report.ts';
import type { DeclaredKind } from './written.ts';

/** A middleware of a protocol by name, with a kind. */
export type NamedKind = { readonly protocol: string; readonly name: string; readonly kind: string };

/** An object as the report calls it, and under its own name among those of its protocol. */
export type ProtocolObject = NamedObject & {
  readonly kind: DeclaredKind;
  readonly protocol: string;
  readonly ownName: string;
};

/** What faults tell of objects. */
export type PlacedFaults = {
  /** Objects that only misspelt options name; each has an error in the report. */
  readonly misspelt: readonly ProtocolObject[];
  /** The middleware kinds that are named and that Berth has not yet. */
  readonly kindsNotYet: readonly NamedKind[];
  /** The middleware kinds that faulty options name or most likely mean. */
  readonly kindsGuessed: readonly NamedKind[];
};

/** Puts each fault into the report, at `self` where it concerns no object. `toNote` words it. */
export function placeFaults(
  faults: readonly DecodeFault[],
  self: NamedObject,
  report: ObjectReport,
  toNote: (fault: DecodeFault) => Note,
): PlacedFaults {
  const misspelt: ProtocolObject[] = [];
  const kindsNotYet: NamedKind[] = [];
  const kindsGuessed: NamedKind[] = [];
  for (const fault of faults) {
    if (fault.code === 'not-yet') kindsNotYet.push(...middlewareKind(fault.path));
    kindsGuessed.push(...middlewareKind(fault.suggestion ?? fault.path));
    const guessed =
      objectAt(fault.path) === undefined && fault.suggestion ? objectAt(fault.suggestion) : undefined;
    if (guessed !== undefined) misspelt.push(guessed);
    const { kind, name } = objectAt(fault.path) ?? guessed ?? self;
    report.add({ kind, name }, toNote(fault));
  }
  return { misspelt, kindsNotYet, kindsGuessed };
}

const kinds: ReadonlyMap<string, DeclaredKind> = new Map([
  ['routers', 'router'],
  ['services', 'service'],
  ['middlewares', 'middleware'],
]);

/** The kind of the objects that stand below a word such as `routers`, in any case. */
export function kindOf(word: string): DeclaredKind | undefined {
  return kinds.get(word.toLowerCase());
}

/** The object that a path of the tree belongs to. */
export function objectAt([first = '', word = '', ownName]: readonly string[]): ProtocolObject | undefined {
  const protocol = first.toLowerCase();
  const kind = kindOf(word);
  if (kind === undefined || ownName === undefined) return undefined;
  const name = protocol === 'tcp' ? tcpName(ownName) : protocol === 'udp' ? udpName(ownName) : ownName;
  return { kind, name, protocol, ownName };
}

function middlewareKind([first, word = '', name, kind]: readonly string[]): NamedKind[] {
  if (first === undefined || name === undefined || kind === undefined) return [];
  return kindOf(word) === 'middleware' ? [{ protocol: first.toLowerCase(), name, kind }] : [];
}

/** A fault as a note, with what the decoder cannot know: which option that is not there yet must not be passed over. */
export function sharpNoteOf(fault: DecodeFault): Note {
  const note = noteOf(fault);
  if (fault.code !== 'not-yet') return note;
  const [first = '', word = '', , option = ''] = fault.path;
  const protocol = first.toLowerCase();
  const kind = kindOf(word);
  if (protocol !== 'http') return note;
  // Passing over these would serve requests without the protection that was asked for.
  if (kind === 'middleware') {
    const message = `Traefik has the middleware kind ${option}; Berth does not have it yet.`;
    return { ...note, severity: 'error', message };
  }
  if (kind === 'service' && option.toLowerCase() === 'middlewares') {
    const message = 'Traefik has middlewares of services; Berth does not have them yet.';
    return { ...note, severity: 'error', message, hint: 'List them at the routers that use the service.' };
  }
  return note;
}
