// Whoever writes a file in place empties it first. A file that was full and is empty is not believed at the first look, or its
// routes would be gone for a moment.
import type { Documents, FoundDocument } from '../documents/create-document-declarer.ts';

/** The memory of which files are in doubt. */
export type EmptiedFiles = {
  /** The documents, with what stood before in those that are empty for the first time. */
  doubt(documents: Documents, before: Documents | undefined): Documents;
  /** Whether another look should come soon. */
  isInDoubt(): boolean;
};

/** Without doubts. */
export function createEmptiedFiles(): EmptiedFiles {
  let doubted: ReadonlySet<string> = new Set();
  return {
    doubt(documents, before) {
      const now = new Set<string>();
      const believed = new Map<string, FoundDocument>();
      for (const [path, document] of documents) {
        const old = before?.get(path);
        const isSudden = isEmpty(document) && old !== undefined && !isEmpty(old) && !doubted.has(path);
        if (isSudden) now.add(path);
        believed.set(path, isSudden ? old : document);
      }
      doubted = now;
      return believed;
    },
    isInDoubt: () => doubted.size > 0,
  };
}

function isEmpty(document: FoundDocument): boolean {
  return 'text' in document && document.text.trim() === '';
}
