// The provider's `constraints`: an expression over labels that decides which containers are routed.
// Source: Traefik v3.7 "constraints"; its pkg/provider/constraints.
import { RE2JS, RE2JSException } from 're2js';
import { unquoteInterpreted, unquoteRaw } from '../../lib/unquote-go-string.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';

type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

/** A compiled expression. */
export type Constraints = {
  /** Whether a container with these labels may be routed; always false for a faulty expression, as in Traefik. */
  readonly matches: Test;
  readonly faults: readonly Diagnostic[];
};

class ConstraintFault extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** Deeper nesting is no constraint; it bounds the stack. */
const maxDepth = 100;

/** Compiles the option `constraints` of a provider; an empty text lets everything pass. Never throws. */
export function compileConstraints(source: string, provider: string): Constraints {
  if (source.trim() === '') return { matches: () => true, faults: [] };
  const faults: Diagnostic[] = [];
  const report = (message: string, position: number, hint: string) =>
    faults.push({
      severity: 'error',
      code: 'constraint',
      provider,
      object: { kind: 'option', name: `providers.${provider}.constraints` },
      label: source,
      position,
      message,
      hint,
    });
  try {
    return { matches: parse(source, report), faults };
  } catch (error) {
    if (!(error instanceof ConstraintFault)) throw error;
    report(
      `The constraints cannot be read, so that no container is routed: ${error.message}`,
      error.position,
      'Write an expression such as Label(`tier`, `web`) && !LabelRegex(`name`, `^test`).',
    );
    return { matches: () => false, faults };
  }
}

function parse(source: string, report: (message: string, position: number, hint: string) => void): Test {
  const tokens = tokenise(source);
  let at = 0;
  const test = parseOr(0);
  if (tokens[at] !== undefined)
    throw new ConstraintFault(`"${tokens[at]?.text}" cannot stand here.`, place());
  return test;

  function parseOr(depth: number): Test {
    const alternatives = [parseAnd(depth)];
    while (take('||')) alternatives.push(parseAnd(depth));
    return (labels) => alternatives.some((alternative) => alternative(labels));
  }

  function parseAnd(depth: number): Test {
    const parts = [parseTerm(depth)];
    while (take('&&')) parts.push(parseTerm(depth));
    return (labels) => parts.every((part) => part(labels));
  }

  function parseTerm(depth: number): Test {
    if (depth > maxDepth) throw new ConstraintFault('It is nested too deeply.', place());
    if (take('!')) {
      const inner = parseTerm(depth + 1);
      return (labels) => !inner(labels);
    }
    if (take('(')) {
      const inner = parseOr(depth + 1);
      expect(')');
      return inner;
    }
    return parseCall();
  }

  function parseCall(): Test {
    const name = tokens[at++];
    if (name?.kind !== 'name')
      throw new ConstraintFault('Label(…) or LabelRegex(…) is missing.', placeOf(at - 1));
    expect('(');
    const label = text();
    expect(',');
    const position = place();
    const value = text();
    expect(')');
    if (name.text === 'Label') return (labels) => labelOf(labels, label) === value;
    if (name.text === 'LabelRegex') return regexTest(label, value, position);
    throw new ConstraintFault(`"${name.text}" is neither Label nor LabelRegex.`, name.position);
  }

  function regexTest(label: string, pattern: string, position: number): Test {
    try {
      const regexp = RE2JS.compile(pattern);
      return (labels) => regexp.matcher(labelOf(labels, label)).find();
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      report(
        `A regular expression of the constraints is faulty and never matches: ${error.message}.`,
        position,
        'Write the expression in the syntax of RE2.',
      );
      return () => false;
    }
  }

  function text(): string {
    const token = tokens[at++];
    if (token?.kind === 'string') return token.text;
    throw new ConstraintFault('A text in back-quotes is missing.', placeOf(at - 1));
  }

  function take(symbol: string): boolean {
    const found = tokens[at]?.kind === 'symbol' && tokens[at]?.text === symbol;
    if (found) at += 1;
    return found;
  }

  function expect(symbol: string): void {
    if (!take(symbol)) throw new ConstraintFault(`${symbol} is missing.`, place());
  }

  function place(): number {
    return placeOf(at);
  }

  function placeOf(index: number): number {
    return tokens[index]?.position ?? source.length;
  }
}

/** A label that is not there counts as empty (Traefik). */
function labelOf(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}

type Token = {
  readonly kind: 'name' | 'string' | 'symbol';
  readonly text: string;
  readonly position: number;
};

function tokenise(source: string): Token[] {
  const pattern = /\s*(?:`([^`]*)`|("(?:[^"\\\n]|\\.)*")|([\p{L}_][\p{L}\p{N}_]*)|(&&|\|\||[!(),]))/uy;
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex;
    const found = pattern.exec(source);
    if (found === null) {
      const position = start + (source.slice(start).length - source.slice(start).trimStart().length);
      throw new ConstraintFault(`"${source[position]}" cannot stand here.`, position);
    }
    const [whole, raw, quoted, name, symbol] = found;
    const position = start + whole.length - whole.trimStart().length;
    if (raw !== undefined) tokens.push({ kind: 'string', text: unquoteRaw(raw), position });
    else if (quoted !== undefined) tokens.push({ kind: 'string', text: unquote(quoted, position), position });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, position });
    else tokens.push({ kind: 'symbol', text: symbol ?? '', position });
  }
  return tokens;
}

function unquote(quoted: string, position: number): string {
  const unquoted = unquoteInterpreted(quoted.slice(1, -1));
  if (unquoted.ok) return unquoted.value;
  throw new ConstraintFault(unquoted.message, position + 1 + unquoted.offset);
}
