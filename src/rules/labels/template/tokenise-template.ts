// Cuts a Go template into texts and the tokens of its actions. Source: Go's text/template, "Actions", "Text and spaces".

/** One word or sign of an action. */
export type Token = {
  readonly kind: 'string' | 'number' | 'name' | 'field' | 'variable' | 'symbol';
  readonly text: string;
  readonly position: number;
};

/** Text, or an action in its tokens. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly position: number };

/** A fault of a template, with the offset where it lies. Thrown inside this folder only, and caught by its entry. */
export class TemplateFault extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const token =
  /\s*(?:("(?:[^"\\\n]|\\.)*"|`[^`]*`)|(-?\d+(?:\.\d+)?)(?![\w.])|((?:\.[\p{L}_][\p{L}\p{N}_]*)|\.(?![\p{L}_]))|(\$[\p{L}\p{N}_]*)|([\p{L}_][\p{L}\p{N}_]*)|(:=|[()|=,]))/uy;
const kinds = ['string', 'number', 'field', 'variable', 'name', 'symbol'] as const;

/** Cuts a template into pieces; trim markers are applied, comments left out. Throws TemplateFault. */
export function tokeniseTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    const text = template.slice(at, open < 0 ? undefined : open);
    const trimLast = open >= 0 && /^\{\{-\s/.test(template.slice(open, open + 4));
    pushText(pieces, text, trimNext, trimLast);
    if (open < 0) break;
    const start = open + (trimLast ? 3 : 2);
    const { tokens, end, trim } = readAction(template, start, open);
    if (tokens.length > 0) pieces.push({ kind: 'action', tokens, position: open });
    trimNext = trim;
    at = end;
  }
  return pieces;
}

function pushText(pieces: Piece[], text: string, trimStart: boolean, trimEnd: boolean): void {
  let kept = text;
  if (trimStart) kept = kept.replace(/^[ \t\r\n]+/, '');
  if (trimEnd) kept = kept.trimEnd();
  if (kept !== '') pieces.push({ kind: 'text', text: kept });
}

type Action = { readonly tokens: Token[]; readonly end: number; readonly trim: boolean };

function readAction(template: string, start: number, open: number): Action {
  const comment = /\s*\/\*[\s\S]*?\*\/\s*?(\s-)?\}\}/y;
  comment.lastIndex = start;
  const commented = comment.exec(template);
  if (commented !== null) return { tokens: [], end: comment.lastIndex, trim: commented[1] !== undefined };
  const tokens: Token[] = [];
  const close = /\s*(\s-)?\}\}/y;
  let at = start;
  for (;;) {
    close.lastIndex = at;
    const closed = close.exec(template);
    if (closed !== null) return { tokens, end: close.lastIndex, trim: closed[1] !== undefined };
    token.lastIndex = at;
    const found = token.exec(template);
    if (found === null) {
      const rest = template.slice(at).trimStart();
      if (rest === '') throw new TemplateFault('The action that begins here is not closed by }}.', open);
      throw new TemplateFault(`"${rest[0]}" cannot stand here.`, template.length - rest.length);
    }
    const group = kinds.findIndex((_, index) => found[index + 1] !== undefined);
    const text = found[group + 1] ?? '';
    tokens.push({ kind: kinds[group] ?? 'symbol', text, position: token.lastIndex - text.length });
    at = token.lastIndex;
  }
}
