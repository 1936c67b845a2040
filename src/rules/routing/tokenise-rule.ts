// Cuts the text of a rule into tokens by the lexical rules of Go expressions, which Traefik's rules are.
import { unquoteInterpreted, unquoteRaw } from '../../lib/unquote-go-string.ts';
import type { RuleFault } from './rule-node.ts';

/** One word or sign of a rule. */
export type Token = {
  readonly kind: 'name' | 'string' | '&&' | '||' | '!' | '(' | ')' | ',' | 'newline' | 'end';
  /** The name, or the value of the string without its quotes and escapes. */
  readonly text: string;
  readonly position: number;
};

/** The tokens, or the first fault. */
export type TokeniseResult =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly fault: RuleFault };

/** Cuts a rule into tokens; the last one is always `end`. Stops at the first fault. */
export function tokeniseRule(text: string): TokeniseResult {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /[ \t\r\n]*/y;
    blank.lastIndex = at;
    const space = blank.exec(text)?.[0] ?? '';
    // Go ends a statement at a line break after a name, a literal or a closing parenthesis (specification,
    // "Semicolons"); a break elsewhere, such as after `&&`, means nothing.
    const last = tokens.at(-1)?.kind;
    if (space.includes('\n') && (last === 'name' || last === 'string' || last === ')')) {
      tokens.push({ kind: 'newline', text: '\n', position: at + space.indexOf('\n') });
    }
    at += space.length;
    if (at >= text.length) break;
    const read = readToken(text, at);
    if ('fault' in read) return { ok: false, fault: read.fault };
    tokens.push(read.token);
    at = read.end;
  }
  if (tokens.at(-1)?.kind === 'newline') tokens.pop();
  tokens.push({ kind: 'end', text: '', position: text.length });
  return { ok: true, tokens };
}

type Read = { readonly token: Token; readonly end: number } | { readonly fault: RuleFault };

function readToken(text: string, at: number): Read {
  const first = text[at] ?? '';
  const pair = text.slice(at, at + 2);
  if (pair === '&&' || pair === '||') return { token: { kind: pair, text: pair, position: at }, end: at + 2 };
  if ((first === '!' && pair !== '!=') || first === '(' || first === ')' || first === ',') {
    return { token: { kind: first, text: first, position: at }, end: at + 1 };
  }
  if (first === '`') return readRaw(text, at);
  if (first === '"') return readInterpreted(text, at);
  const name = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
  name.lastIndex = at;
  const found = name.exec(text)?.[0];
  if (found !== undefined)
    return { token: { kind: 'name', text: found, position: at }, end: at + found.length };
  return { fault: faultOfCharacter(text, at) };
}

function readRaw(text: string, at: number): Read {
  const close = text.indexOf('`', at + 1);
  if (close < 0) return unclosed(at, '`');
  return {
    token: { kind: 'string', text: unquoteRaw(text.slice(at + 1, close)), position: at },
    end: close + 1,
  };
}

function readInterpreted(text: string, at: number): Read {
  const body = /"((?:[^"\\\n]|\\[^\n])*)"/y;
  body.lastIndex = at;
  const inside = body.exec(text)?.[1];
  if (inside === undefined) return unclosed(at, '"');
  const unquoted = unquoteInterpreted(inside);
  if (!unquoted.ok) {
    const hint = 'In back-quotes a backslash stands for itself.';
    return { fault: { message: unquoted.message, position: at + 1 + unquoted.offset, hint } };
  }
  return { token: { kind: 'string', text: unquoted.value, position: at }, end: at + inside.length + 2 };
}

function unclosed(position: number, quote: string): Read {
  return { fault: { message: `The string that begins here has no closing ${quote}.`, position } };
}

function faultOfCharacter(text: string, position: number): RuleFault {
  const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
  const message = `"${character}" cannot stand here.`;
  const hint = hints[character];
  return hint === undefined ? { message, position } : { message, position, hint };
}

const hints: Readonly<Record<string, string>> = {
  '&': 'Write && for "and".',
  '|': 'Write || for "or".',
  ';': 'Rules are joined by && or ||, not by semicolons as in Traefik v1.',
  ':': 'Write Host(`example.com`), not Host:example.com as in Traefik v1.',
  "'": 'Put values in back-quotes, as in Host(`example.com`).',
  '‘': 'Put values in back-quotes, as in Host(`example.com`).',
  '’': 'Put values in back-quotes, as in Host(`example.com`).',
  '“': 'Put values in straight quotes or back-quotes, as in Host(`example.com`).',
  '”': 'Put values in straight quotes or back-quotes, as in Host(`example.com`).',
  '´': 'Put values in back-quotes, as in Host(`example.com`).',
  '=': 'Write a matcher such as Header(`name`, `value`).',
};
