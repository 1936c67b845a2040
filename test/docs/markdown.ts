// Reads the project's Markdown as far as the tests of the documents need it: code blocks, links, headings, table rows.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export type CodeBlock = {
  /** `file:line` of its first line. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
  /** The HTML comment on the line before it; empty for none. */
  readonly comment: string;
};

export type Document = {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** The text without its code blocks. */
  readonly prose: string;
};

/** All documents for people, those of the stand-in included. */
export function readDocuments(): readonly Document[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return ['README.md', 'CHANGELOG.md', 'test/cosyvoice/README.md', ...docs.sort()].map((path) =>
    toDocument(path, readFileSync(join(root, path), 'utf8')),
  );
}

/** Takes a document apart. */
export function toDocument(path: string, text: string): Document {
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  const lines = text.split('\n');
  let open: { indent: string; language: string; line: number; comment: string; lines: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    const fence = /^(\s*)```(\w*)\s*$/.exec(line);
    if (open === undefined && fence !== null) {
      const comment = /^\s*<!--\s*(.*?)\s*-->\s*$/.exec(lines[index - 1] ?? '')?.[1] ?? '';
      open = { indent: fence[1] ?? '', language: fence[2] ?? '', line: index + 2, comment, lines: [] };
    } else if (open !== undefined && fence !== null) {
      const { language, comment } = open;
      blocks.push({ place: `${path}:${open.line}`, language, comment, text: `${open.lines.join('\n')}\n` });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    } else {
      prose.push(line);
    }
  }
  if (open !== undefined) throw new Error(`${path}:${open.line}: a code block is not closed.`);
  return { path, text, blocks, prose: prose.join('\n') };
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(document: Document): ReadonlySet<string> {
  const headings = document.prose.matchAll(/^#{1,6} +(.+?) *$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

/** What is wrong with the links of a document to files of the project: one sentence each. */
export function brokenLinks(document: Document, documents: readonly Document[]): readonly string[] {
  const withoutCode = document.prose.replace(/`[^`\n]*`/g, '');
  const faults: string[] = [];
  for (const [, target = ''] of withoutCode.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/i.test(target)) continue;
    const [file = '', anchor = ''] = target.split('#');
    const path = file === '' ? document.path : normalize(join(dirname(document.path), file));
    if (!existsSync(join(root, path))) {
      faults.push(`${document.path}: there is no ${target}.`);
      continue;
    }
    const other = documents.find((one) => one.path === path);
    if (anchor !== '' && (other === undefined || !anchorsOf(other).has(anchor))) {
      faults.push(`${document.path}: ${path} has no heading for #${anchor}.`);
    }
  }
  return faults;
}

export type Row = { readonly feature: string; readonly status: string; readonly note: string };

/** The rows of all tables of three columns, without their heads; `\|` is a bar inside a cell. */
export function tableRows(document: Document): readonly Row[] {
  return document.prose.split('\n').flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
    const [before, feature = '', status = '', note = '', after] = cells;
    const isRow = cells.length === 5 && before === '' && after === '' && !/^-+$/.test(feature);
    return isRow ? [{ feature, status, note }] : [];
  });
}
