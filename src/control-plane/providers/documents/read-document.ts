// The text of a document → its tree. Go-template actions are rendered first, as Traefik does, as far as they are known.
import { parseTextTree, type TextFormat } from '../../../lib/text-tree/parse-text-tree.ts';
import type { TextTree } from '../../../lib/text-tree/text-tree.ts';
import { compileTemplate } from '../../../rules/labels/template/compile-template.ts';

/** A document with the format of its text. */
export type Document = {
  readonly text: string;
  readonly format: TextFormat;
  /** Whether Go-template actions in it are rendered; else they are text. */
  readonly isTemplate: boolean;
};

/** The tree, or the first fault of template or syntax. Never throws. */
export function readDocument({ text, format, isTemplate }: Document): TextTree {
  const action = isTemplate ? text.indexOf('{{') : -1;
  if (action < 0) return parseTextTree(text, format);
  const compiled = compileTemplate(text);
  if (!compiled.ok) return templateFault(text, compiled.position, compiled.message);
  const rendered = compiled.template.render({ fields: new Map() });
  return rendered.ok ? parseTextTree(rendered.text, format) : templateFault(text, action, rendered.message);
}

function templateFault(text: string, offset: number, message: string): TextTree {
  const before = text.slice(0, offset).split('\n');
  return {
    ok: false,
    message: `The template cannot be used: ${message}`,
    line: before.length,
    column: (before.at(-1) ?? '').length + 1,
  };
}
