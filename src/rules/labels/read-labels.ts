// Reads a container's labels into the label tree. `traefik.` means exactly what it means to Traefik; `berth.` means
// what it says and wins where both set the same field. Everything that is not understood is reported.
import { appendTo } from '../../lib/append-to.ts';
import type { DecodeFault, DecodeOptions } from '../../lib/decode-fault.ts';
import { decodeFlat, type FlatEntry } from '../../lib/decode-flat.ts';
import { tcpName } from '../../model/tcp.ts';
import { fileOnlyObjects } from './file-only.ts';
import { createLabelNames, type LabelNames, rootOfLabel } from './label-names.ts';
import { type LabelledObject, type LabelReport, type Note, noteOf } from './label-report.ts';
import { type LabelTree, labelFields } from './label-schema.ts';
import { successorOf } from './legacy-labels.ts';
import { findWrongRoot, type LabelRoot, labelRoots } from './wrong-root.ts';

/** A middleware of a protocol by name, with a kind. */
export type NamedKind = { readonly protocol: string; readonly name: string; readonly kind: string };

/** An object as the report calls it, and under its own name among those of its protocol. */
export type ProtocolObject = LabelledObject & { readonly protocol: string; readonly ownName: string };

/** The labels of one container as far as they are understood. */
export type ReadLabels = {
  readonly tree: LabelTree;
  /** Keys of the labels that declare an object, as written, in the order in which they are read. */
  readonly labelsOf: (kind: LabelledObject['kind'], name: string) => readonly string[];
  /** How the user would spell other labels. */
  readonly names: LabelNames;
  /** The same for objects of TCP. */
  readonly tcp: { readonly labelsOf: ReadLabels['labelsOf']; readonly names: LabelNames };
  /** Objects that only misspelt labels name; each has an error in the report. */
  readonly misspelt: readonly ProtocolObject[];
  /** The middleware kinds that labels name and Berth has not yet. */
  readonly kindsNotYet: readonly NamedKind[];
  /** The middleware kinds that faulty labels name or most likely mean. */
  readonly kindsGuessed: readonly NamedKind[];
  /** Whether any label, misspelt or not, was meant for the gateway. */
  readonly isLabelled: boolean;
};

const dialects: Readonly<Record<LabelRoot, DecodeOptions>> = {
  traefik: { mode: 'traefik', spell: (path) => `traefik.${path.join('.')}` },
  berth: { mode: 'strict', spell: (path) => `berth.${path.join('.')}` },
};

/** Reads all labels of a container; faults go to `report`. */
export function readLabels(
  labels: Readonly<Record<string, string>>,
  container: string,
  report: LabelReport,
): ReadLabels {
  const keys = Object.keys(labels).sort();
  // Later entries win, so `berth.` comes last; within a root Traefik's order, by bytes, decides.
  const entries = labelRoots.flatMap((root) => entriesOf(root, keys, labels));
  const self: LabelledObject = { kind: 'container', name: container };
  const wrong = reportWrongRoots(keys, labels, self, report);
  const known = entries.filter((entry) => !reportLegacy(entry, self, report));
  const { value, faults } = decodeFlat(known, labelFields, dialects.traefik);
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
    report.add({ kind, name }, sharpen(fault));
  }
  const sources = entries.length > 0 ? entries.map(({ source }) => source) : wrong;
  const labelsOf = indexLabels(known, 'http');
  const tcpLabelsOf = indexLabels(known, 'tcp');
  return {
    tree: value as LabelTree,
    labelsOf,
    names: createLabelNames(sources, labelsOf, 'http'),
    tcp: { labelsOf: tcpLabelsOf, names: createLabelNames(sources, tcpLabelsOf, 'tcp') },
    misspelt,
    kindsNotYet,
    kindsGuessed,
    isLabelled: wrong.length + entries.length > 0,
  };
}

function entriesOf(
  root: LabelRoot,
  keys: readonly string[],
  labels: Readonly<Record<string, string>>,
): FlatEntry[] {
  const prefix = `${root}.`;
  return keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({
      path: key.slice(prefix.length).split('.'),
      value: labels[key] ?? '',
      source: key,
      options: dialects[root],
    }));
}

const kinds: ReadonlyMap<string, LabelledObject['kind']> = new Map([
  ['routers', 'router'],
  ['services', 'service'],
  ['middlewares', 'middleware'],
]);

/** The object that a path of the label tree belongs to. */
function objectAt([protocol = '', kind, ownName]: readonly string[]): ProtocolObject | undefined {
  const known = kinds.get(kind ?? '');
  if (known === undefined || ownName === undefined) return undefined;
  const name =
    protocol === 'http' ? ownName : protocol === 'tcp' ? tcpName(ownName) : `${ownName} (${protocol})`;
  return { kind: known, name, protocol, ownName };
}

/** Names differ by more than case, as in decoding. */
function indexLabels(entries: readonly FlatEntry[], wanted: string): ReadLabels['labelsOf'] {
  const byObject = new Map<string, string[]>();
  for (const { path, source } of entries) {
    const [protocol = '', objects = '', name = ''] = path.map((part) => part.toLowerCase());
    if (protocol === wanted && name !== '') appendTo(byObject, `${kinds.get(objects)} ${name}`, source);
  }
  return (kind, name) => byObject.get(`${kind} ${name.toLowerCase()}`) ?? [];
}

/** Traefik decodes labels with these beginnings, and fails for the rest of their words (paerser, label filters). */
const traefikFilter = ['enable', 'docker.', 'http', 'tcp', 'udp'];

function inTraefik(label: string): string {
  if (!label.startsWith('traefik.')) return '';
  const rest = label.slice('traefik.'.length).toLowerCase();
  return traefikFilter.some((word) => rest.startsWith(word))
    ? ' Traefik drops the container for this.'
    : ' Traefik passes over this label in silence.';
}

function middlewareKind([protocol, objects, name, kind]: readonly string[]): NamedKind[] {
  if (protocol === undefined || name === undefined || kind === undefined) return [];
  return objects?.toLowerCase() === 'middlewares' ? [{ protocol, name, kind }] : [];
}

/** What the decoder cannot know: which option must not be passed over, and what Traefik does with wrong second words. */
function sharpen(fault: DecodeFault): Note {
  const note = noteOf(fault);
  const wanted = fault.code === 'unknown-key' ? fileOnlyObjects(fault.source.split('.').slice(1)) : undefined;
  if (wanted !== undefined) return fileOnlyNote(fault, wanted);
  if (fault.code === 'unknown-key' && fault.path.length === 0) {
    return { ...note, code: 'wrong-root', message: `${note.message}${inTraefik(fault.source)}` };
  }
  const [protocol, kind, , option, suboption] = fault.path;
  if (fault.code === 'not-yet' && protocol === 'tcp' && suboption === 'proxyProtocol') {
    // A server that waits for this header takes no connection without it.
    const message = 'Traefik tells servers of the client by the PROXY protocol; Berth does not yet.';
    return { ...note, severity: 'error', message };
  }
  if (fault.code === 'not-yet' && protocol === 'http') {
    // Passing over these would serve requests without the protection that was asked for.
    if (kind === 'middlewares') {
      const message = `Traefik has the middleware kind ${option ?? ''}; Berth does not have it yet.`;
      return { ...note, severity: 'error', message };
    }
    if (kind === 'services' && option === 'middlewares') {
      const message = 'Traefik has middlewares of services; Berth does not have them yet.';
      return { ...note, severity: 'error', message, hint: 'List them at the routers that use the service.' };
    }
  }
  return note;
}

/** The value is left out: nobody knows whether it is secret. */
function fileOnlyNote({ source, severity }: DecodeFault, wanted: string): Note {
  return {
    severity,
    code: 'not-yet',
    label: source,
    message: `Traefik takes ${wanted} from files only, and passes over this label in silence; Berth does not have them yet.`,
    hint: 'Remove the label.',
  };
}

/** Each costs a search for what was meant; more help nobody. */
const maxWrongRoots = 100;

/** Gives what they were meant to be. */
function reportWrongRoots(
  keys: readonly string[],
  labels: Readonly<Record<string, string>>,
  self: LabelledObject,
  report: LabelReport,
): readonly string[] {
  const found: string[] = [];
  for (const key of keys) {
    if (found.length === maxWrongRoots) break;
    if (labelRoots.some((root) => key.startsWith(`${root}.`))) continue;
    const wrong = findWrongRoot(key);
    if (wrong === undefined) continue;
    found.push(wrong.meant);
    const value = labels[key] ?? '';
    const shown = wrong.showsValue && value.length <= 200;
    const lowerCase = labelRoots.some((root) => root === wrong.root.toLowerCase());
    report.add(self, {
      severity: 'error',
      code: 'wrong-root',
      label: shown ? `${key}=${value}` : key,
      message:
        lowerCase && key.includes('.')
          ? `"${wrong.root}" has to be in lower case; Traefik drops the container for this.`
          : `"${wrong.root}" is no root of labels; Traefik passes over this label in silence.`,
      hint: `Did you mean ${wrong.meant}?`,
      ...(shown ? { fix: `${wrong.meant}=${value}` } : {}),
    });
  }
  return found;
}

function reportLegacy(entry: FlatEntry, self: LabelledObject, report: LabelReport): boolean {
  const successor = successorOf(entry.path, rootOfLabel(entry.source));
  if (successor === undefined) return false;
  report.add(self, {
    severity: 'warning',
    code: 'deprecated',
    label: entry.source,
    message: 'This is a label of Traefik v1, which Traefik passes over since version 2.',
    hint: `Use ${successor} instead.`,
  });
  return true;
}
