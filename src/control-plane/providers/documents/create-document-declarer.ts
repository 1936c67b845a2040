// Documents → what their provider declares. A document that did not change is not read again, and one that is broken keeps
// what it declared when it was last good.
import { type SortedTable, sortedTable, withChanges } from '../../../lib/sorted-table.ts';
import type { TextTree } from '../../../lib/text-tree/text-tree.ts';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import type { ProviderConfig } from '../../../model/provider-config.ts';
import type { Declarations } from '../../../rules/declare/declarations.ts';
import { declareNothing, declareTree } from '../../../rules/declare/declare-tree.ts';
import { createFilePlaces } from '../../../rules/declare/file-places.ts';
import { mergeDeclarations } from '../../../rules/declare/merge-declarations.ts';
import { type Document, readDocument } from './read-document.ts';

/** A document, or why it cannot be read now: one sentence. */
export type FoundDocument = Document | { readonly unreadable: string };

/** Documents by the names under which people know them. */
export type Documents = ReadonlyMap<string, FoundDocument>;

/** What the documents declare now, all together; unchanged objects keep their identity. */
export type DocumentDeclarer = (documents: Documents) => ProviderConfig;

type Known = { readonly state: string; readonly good?: Declarations };

/** `since`: milliseconds since the epoch since when servers count as ready. */
export function createDocumentDeclarer(provider: string, since: number): DocumentDeclarer {
  const known = new Map<string, Known>();
  let declarations: SortedTable<Declarations> = sortedTable();
  let merged: ReturnType<typeof mergeDeclarations> | undefined;

  const declare = (name: string, tree: TextTree): Declarations => {
    const source = { provider, name, since, spell: (path: readonly string[]) => path.join('.') };
    if (tree.ok) return declareTree(tree.value, createFilePlaces(name, tree.marks), source);
    const { line, column, message } = tree;
    return declareNothing(source, [brokenDocument(provider, { name, line, column }, message)]);
  };
  /** Undefined where nothing has changed. */
  const renew = (name: string, document: FoundDocument): Declarations | undefined => {
    const state = 'text' in document ? `text ${document.text}` : `unreadable ${document.unreadable}`;
    const before = known.get(name);
    if (before?.state === state) return undefined;
    const tree: TextTree =
      'text' in document
        ? readDocument(document)
        : { ok: false, message: document.unreadable, line: 1, column: 1 };
    const found = declare(name, tree);
    const good = tree.ok ? found : before?.good;
    known.set(name, { state, ...(good === undefined ? {} : { good }) });
    if (tree.ok || good === undefined) return found;
    return { ...good, diagnostics: [...found.diagnostics, ...good.diagnostics] };
  };

  return (documents) => {
    const changes: [string, Declarations | undefined][] = [];
    for (const [name, document] of documents) {
      const declared = renew(name, document);
      if (declared !== undefined) changes.push([name, declared]);
    }
    for (const name of known.keys()) {
      if (documents.has(name)) continue;
      known.delete(name);
      changes.push([name, undefined]);
    }
    if (changes.length > 0) declarations = withChanges(declarations, changes);
    merged = mergeDeclarations(provider, declarations, merged, 'first');
    return merged;
  };
}

function brokenDocument(
  provider: string,
  { name, line, column }: { readonly name: string; readonly line: number; readonly column: number },
  message: string,
): Diagnostic {
  return {
    severity: 'error',
    code: 'syntax',
    provider,
    object: { kind: 'provider', name: provider },
    place: { file: name, line, column },
    message: `${name} cannot be read: ${message}`,
    hint: 'Mend it. What it declared when it could last be read goes on.',
  };
}
