// TOML 1.0. The parser tells no places but that of an error, so that the keys are looked for a second time, line by line.
import { parse, TomlError } from 'smol-toml';
import { type Mark, type TextTree, toSentence } from './text-tree.ts';

/** The tree of a TOML text. Keys inside of inline tables and arrays count as standing at the key of their line. */
export function parseToml(text: string): TextTree {
  try {
    return { ok: true, value: parse(text), marks: findMarks(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = toSentence(error.message.replace(/^Invalid TOML document: /, ''));
    return { ok: false, message, line: error.line, column: error.column };
  }
}

/** A key of dotted, bare or quoted parts. */
const part = `(?:[A-Za-z0-9_-]+|"(?:[^"\\\\]|\\\\.)*"|'[^']*')`;
const key = `${part}(?:[ \\t]*\\.[ \\t]*${part})*`;
const header = new RegExp(`^[ \\t]*(\\[\\[?)[ \\t]*(${key})[ \\t]*\\]`);
const assignment = new RegExp(`^([ \\t]*)(${key})[ \\t]*=`);

/** The text has been parsed: only what is well-formed is looked at. */
function findMarks(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  const counts = new Map<string, number>();
  let table: readonly string[] = [];
  let rest: Rest = { depth: 0 };
  for (const [index, line] of text.split('\n').entries()) {
    const at = (column: number) => ({ line: index + 1, column });
    if (rest.depth > 0 || rest.quote !== undefined) {
      rest = scanValue(line, rest);
      continue;
    }
    const [, brackets, name = ''] = header.exec(line) ?? [];
    if (brackets !== undefined) {
      table = tablePath(partsOf(name), brackets === '[[', counts);
      marks.push({ path: table, ...at(line.indexOf('[') + 1) });
      continue;
    }
    const [whole, indent = '', written = ''] = assignment.exec(line) ?? [];
    if (whole === undefined) continue;
    marks.push({ path: [...table, ...partsOf(written)], ...at(indent.length + 1) });
    rest = scanValue(line.slice(whole.length), { depth: 0 });
  }
  return marks;
}

/** The table's path; parts that are lists of tables get the index of their last entry. */
function tablePath(
  parts: readonly string[],
  isEntry: boolean,
  counts: Map<string, number>,
): readonly string[] {
  return parts.map((name, depth) => {
    const id = JSON.stringify(parts.slice(0, depth + 1));
    if (isEntry && depth === parts.length - 1) counts.set(id, (counts.get(id) ?? -1) + 1);
    const count = counts.get(id);
    return count === undefined ? name : `${name}[${count}]`;
  });
}

function partsOf(written: string): readonly string[] {
  return (written.match(new RegExp(part, 'g')) ?? []).map((word) =>
    /^["']/.test(word) ? word.slice(1, -1) : word,
  );
}

/** How far a value that goes over several lines is open. */
type Rest = { readonly depth: number; readonly quote?: '"""' | "'''" };

const pieces = /"""|'''|"(?:[^"\\]|\\.)*"|'[^']*'|#.*|[[\]{}]|\\./g;

function scanValue(line: string, before: Rest): Rest {
  let { depth, quote }: { depth: number; quote?: Rest['quote'] } = before;
  for (const [piece] of line.matchAll(pieces)) {
    if (quote !== undefined) {
      if (piece === quote) quote = undefined;
    } else if (piece === '"""' || piece === "'''") quote = piece;
    else if (piece === '[' || piece === '{') depth += 1;
    else if (piece === ']' || piece === '}') depth -= 1;
  }
  return quote === undefined ? { depth } : { depth, quote };
}
