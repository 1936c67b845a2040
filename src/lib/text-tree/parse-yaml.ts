// YAML 1.2 with merge keys (`<<`), which Traefik's users know from YAML 1.1.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, YAMLParseError } from 'yaml';
import { type Mark, type TextTree, toSentence } from './text-tree.ts';

/** The tree of a YAML or JSON text. */
export function parseYaml(text: string): TextTree {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    // The counter gives 0 for what stands before the first line.
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) {
      return { ok: false, message: toSentence(error.message), ...at(error.pos[0]) };
    }
    const marks: Mark[] = [];
    collect(document.contents, [], marks, at);
    const value: unknown = document.toJS();
    return { ok: true, value: value ?? {}, marks };
  } catch (error) {
    // An alias bomb, or more than one document.
    const position = error instanceof YAMLParseError ? at(error.pos[0]) : { line: 1, column: 1 };
    return {
      ok: false,
      message: toSentence(error instanceof Error ? error.message : String(error)),
      ...position,
    };
  }
}

function collect(
  node: unknown,
  path: readonly string[],
  marks: Mark[],
  at: (offset: number) => { readonly line: number; readonly column: number },
): void {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const here = [...path.slice(0, -1), `${path.at(-1) ?? ''}[${index}]`];
      mark(item, here, marks, at);
      collect(item, here, marks, at);
    }
  }
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const here = [...path, String(key.value)];
    mark(key, here, marks, at);
    collect(value, here, marks, at);
  }
}

function mark(
  node: unknown,
  path: readonly string[],
  marks: Mark[],
  at: (offset: number) => { readonly line: number; readonly column: number },
): void {
  const offset = (node as Partial<Node> | null)?.range?.[0];
  if (offset !== undefined) marks.push({ path, ...at(offset) });
}
