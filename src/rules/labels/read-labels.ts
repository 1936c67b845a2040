// Reads a container's labels into the label tree. `traefik.` means exactly what it means to Traefik; `berth.` means
// what it says and wins where both set the same field. Everything that is not understood is reported.
import { appendTo } from '../../lib/append-to.ts';
import type { DecodeFault, DecodeOptions } from '../../lib/decode-fault.ts';
import { decodeFlat, type FlatEntry } from '../../lib/decode-flat.ts';
import type { NamedObject, Note, ObjectReport } from '../declare/object-report.ts';
import {
  kindOf,
  objectAt,
  type PlacedFaults,
  type ProtocolObject,
  placeFaults,
  sharpNoteOf,
} from '../declare/place-faults.ts';
import type { DeclaredKind, Written } from '../declare/written.ts';
import { fileOnlyObjects } from './file-only.ts';
import { createLabelNames, type LabelNames, rootOfLabel } from './label-names.ts';
import { type LabelTree, labelFields } from './label-schema.ts';
import { successorOf } from './legacy-labels.ts';
import { findWrongRoot, type LabelRoot, labelRoots } from './wrong-root.ts';

/** The labels that declare objects of one protocol. */
export type WrittenLabels = Written & {
  /** How the user would spell other labels. */
  readonly names: LabelNames;
};

/** The labels of one container as far as they are understood. */
export type ReadLabels = PlacedFaults &
  WrittenLabels & {
    readonly tree: LabelTree;
    /** The same for objects of TCP, and of UDP. */
    readonly tcp: WrittenLabels;
    readonly udp: WrittenLabels;
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
  report: ObjectReport,
): ReadLabels {
  const keys = Object.keys(labels).sort();
  // Later entries win, so `berth.` comes last; within a root Traefik's order, by bytes, decides.
  const entries = labelRoots.flatMap((root) => entriesOf(root, keys, labels));
  const self: NamedObject = { kind: 'container', name: container };
  const wrong = reportWrongRoots(keys, labels, self, report);
  const unread: ProtocolObject[] = [];
  const known = entries.filter(
    (entry) => !reportLegacy(entry, self, report) && !reportFileOnly(entry, unread, report),
  );
  const { value, faults } = decodeFlat(known, labelFields, dialects.traefik);
  const placed = placeFaults(faults, self, report, sharpen);
  const sources = entries.length > 0 ? entries.map(({ source }) => source) : wrong;
  const writtenFor = (protocol: 'http' | 'tcp' | 'udp'): WrittenLabels => {
    const labelsOf = indexLabels(known, protocol);
    return {
      names: createLabelNames(sources, labelsOf, protocol),
      traceOf: (kind, name) => ({ labels: labelsOf(kind, name) }),
    };
  };
  return {
    ...placed,
    misspelt: [...placed.misspelt, ...unread],
    ...writtenFor('http'),
    tcp: writtenFor('tcp'),
    udp: writtenFor('udp'),
    tree: value as LabelTree,
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

/** Names differ by more than case, as in decoding. */
function indexLabels(
  entries: readonly FlatEntry[],
  wanted: string,
): (kind: DeclaredKind, name: string) => readonly string[] {
  const byObject = new Map<string, string[]>();
  for (const { path, source } of entries) {
    const [protocol = '', objects = '', name = ''] = path.map((part) => part.toLowerCase());
    if (protocol === wanted && name !== '') appendTo(byObject, `${kindOf(objects)} ${name}`, source);
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

/** What only labels can get wrong: what Traefik takes from files only, and wrong second words. */
function sharpen(fault: DecodeFault): Note {
  const note = sharpNoteOf(fault);
  const wanted = fault.code === 'unknown-key' ? fileOnlyObjects(fault.source.split('.').slice(1)) : undefined;
  if (wanted !== undefined) return fileOnlyNote(fault, wanted.objects);
  if (fault.code === 'unknown-key' && fault.path.length === 0) {
    return { ...note, code: 'wrong-root', message: `${note.message}${inTraefik(fault.source)}` };
  }
  return note;
}

/** To Traefik such a label says nothing; what its user wants stands under the other root. Adds its object to `objects`. */
function reportFileOnly(
  { path, source, value }: FlatEntry,
  objects: ProtocolObject[],
  report: ObjectReport,
): boolean {
  const object =
    rootOfLabel(source) === 'traefik' && fileOnlyObjects(path)?.isTaken ? objectAt(path) : undefined;
  if (object === undefined) return false;
  const meant = `berth.${path.join('.')}`;
  const shown = value.length <= 200;
  report.add(object, {
    severity: 'error',
    code: 'wrong-root',
    label: shown ? `${source}=${value}` : source,
    message: `Traefik takes ${fileOnlyObjects(path)?.objects} from files only, and passes over this label in silence.`,
    hint: `Berth takes them from labels too: did you mean ${meant}?`,
    ...(shown ? { fix: `${meant}=${value}` } : {}),
  });
  objects.push(object);
  return true;
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
  self: NamedObject,
  report: ObjectReport,
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

function reportLegacy(entry: FlatEntry, self: NamedObject, report: ObjectReport): boolean {
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
