// Parses a Go template into a tree: text, pipelines, if/else. What Go has beyond that is refused by name.
// Source: Go's text/template, "Actions", "Pipelines".
import { unquoteInterpreted, unquoteRaw } from '../../../lib/unquote-go-string.ts';
import { type Piece, TemplateFault, type Token, tokeniseTemplate } from './tokenise-template.ts';

/** What stands inside an action. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | undefined }
  | { readonly kind: 'variable'; readonly name: string }
  /** A chain of fields of a value; of the template's data where `of` is absent. */
  | {
      readonly kind: 'fields';
      readonly of?: Expression;
      readonly names: readonly string[];
      readonly position: number;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly position: number;
    };

/** Text or an action. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly value: Expression }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly yes: readonly TemplateNode[];
      readonly no: readonly TemplateNode[];
    };

const unsupported: ReadonlySet<string> = new Set([
  'range',
  'with',
  'define',
  'template',
  'block',
  'break',
  'continue',
]);
/** Deeper nesting is no rule; it bounds the stack. */
const maxDepth = 50;

/** The tree of a template. Throws TemplateFault. */
export function parseTemplate(template: string, functions: ReadonlySet<string>): readonly TemplateNode[] {
  const pieces = tokeniseTemplate(template);
  let at = 0;
  const variables = new Set<string>();
  const { nodes } = parseNodes(0);
  return nodes;

  function parseNodes(depth: number): { nodes: TemplateNode[]; stop?: Piece & { kind: 'action' } } {
    const nodes: TemplateNode[] = [];
    for (let piece = pieces[at++]; piece !== undefined; piece = pieces[at++]) {
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      const word = piece.tokens[0]?.kind === 'name' ? piece.tokens[0].text : '';
      if (word === 'end' || word === 'else') {
        if (depth === 0) throw new TemplateFault(`"${word}" has no "if" before it.`, piece.position);
        return { nodes, stop: piece };
      }
      if (unsupported.has(word)) {
        throw new TemplateFault(`"${word}" is not supported in rule templates.`, piece.position);
      }
      nodes.push(
        word === 'if' ? parseIf(piece.tokens.slice(1), piece.position, depth + 1) : parseAction(piece),
      );
    }
    if (depth > 0) throw new TemplateFault('"if" has no {{ end }}.', template.length);
    return { nodes };
  }

  function parseIf(tokens: readonly Token[], position: number, depth: number): TemplateNode {
    if (depth > maxDepth) throw new TemplateFault('The template is nested too deeply.', position);
    const condition = pipeline(tokens, position);
    const { nodes, stop } = parseNodes(depth);
    if (stop?.tokens[0]?.text !== 'else') return { kind: 'if', condition, yes: nodes, no: [] };
    const [, next, ...rest] = stop.tokens;
    if (next?.text === 'if') {
      // One {{ end }} closes the whole chain of {{ else if }}, so the inner `if` takes it.
      return { kind: 'if', condition, yes: nodes, no: [parseIf(rest, stop.position, depth + 1)] };
    }
    if (next !== undefined) throw new TemplateFault('Only "if" may follow "else".', next.position);
    const last = parseNodes(depth);
    if (last.stop?.tokens[0]?.text !== 'end')
      throw new TemplateFault('There is a second "else".', stop.position);
    return { kind: 'if', condition, yes: nodes, no: last.nodes };
  }

  function parseAction(piece: Piece & { kind: 'action' }): TemplateNode {
    const [first, second, ...rest] = piece.tokens;
    if (first?.kind === 'variable' && (second?.text === ':=' || second?.text === '=')) {
      variables.add(first.text);
      return { kind: 'assign', name: first.text, value: pipeline(rest, piece.position) };
    }
    return { kind: 'print', value: pipeline(piece.tokens, piece.position) };
  }

  function pipeline(tokens: readonly Token[], position: number): Expression {
    const reader = createReader(tokens, position);
    const value = parsePipeline(reader, 0);
    const left = reader.peek();
    if (left !== undefined) throw new TemplateFault(`"${left.text}" cannot stand here.`, left.position);
    return value;
  }

  function parsePipeline(reader: Reader, depth: number): Expression {
    if (depth > maxDepth) throw new TemplateFault('The template is nested too deeply.', reader.position());
    let value = parseCommand(reader, depth, undefined);
    while (reader.peek()?.text === '|') {
      reader.next();
      value = parseCommand(reader, depth, value);
    }
    return value;
  }

  /** A function with its operands, the piped value last; or one operand alone. */
  function parseCommand(reader: Reader, depth: number, piped: Expression | undefined): Expression {
    const first = reader.peek();
    if (first?.kind === 'name' && constants[first.text] === undefined) {
      reader.next();
      if (!functions.has(first.text)) {
        throw new TemplateFault(`The function "${first.text}" is not supported.`, first.position);
      }
      const args: Expression[] = [];
      for (
        let next = reader.peek();
        next !== undefined && next.text !== '|' && next.text !== ')';
        next = reader.peek()
      ) {
        args.push(parseOperand(reader, depth));
      }
      if (piped !== undefined) args.push(piped);
      return { kind: 'call', name: first.text, args, position: first.position };
    }
    const operand = parseOperand(reader, depth);
    if (piped !== undefined) {
      throw new TemplateFault('Only a function can stand behind |.', first?.position ?? reader.position());
    }
    return operand;
  }

  function parseOperand(reader: Reader, depth: number): Expression {
    const next = reader.next();
    if (next === undefined) throw new TemplateFault('A value is missing.', reader.position());
    if (next.text === '(' && next.kind === 'symbol') {
      const inner = parsePipeline(reader, depth + 1);
      if (reader.next()?.text !== ')') throw new TemplateFault('This ( is not closed.', next.position);
      return withFields(reader, inner, next.position);
    }
    if (next.kind === 'string') return { kind: 'literal', value: unquote(next) };
    if (next.kind === 'number') return { kind: 'literal', value: Number(next.text) };
    if (next.kind === 'field') {
      const own = next.text === '.' ? [] : [next.text.slice(1)];
      return { kind: 'fields', names: [...own, ...reader.fields(next)], position: next.position };
    }
    if (next.kind === 'variable') {
      if (next.text !== '$' && !variables.has(next.text)) {
        throw new TemplateFault(`The variable ${next.text} is not defined.`, next.position);
      }
      const variable: Expression =
        next.text === '$'
          ? { kind: 'fields', names: [], position: next.position }
          : { kind: 'variable', name: next.text };
      return withFields(reader, variable, next.position);
    }
    const constant = constants[next.text];
    if (next.kind === 'name' && constant !== undefined) return constant;
    if (next.kind === 'name' && functions.has(next.text)) {
      return { kind: 'call', name: next.text, args: [], position: next.position };
    }
    throw new TemplateFault(`"${next.text}" cannot stand here.`, next.position);
  }

  function withFields(reader: Reader, of: Expression, position: number): Expression {
    const names = reader.fields(undefined);
    return names.length === 0 ? of : { kind: 'fields', of, names, position };
  }
}

const constants: Readonly<Record<string, Expression>> = {
  true: { kind: 'literal', value: true },
  false: { kind: 'literal', value: false },
  nil: { kind: 'literal', value: undefined },
};

type Reader = ReturnType<typeof createReader>;

function createReader(tokens: readonly Token[], start: number) {
  let at = 0;
  const position = () => tokens[at]?.position ?? tokens.at(-1)?.position ?? start;
  return {
    peek: () => tokens[at],
    next: () => tokens[at++],
    position,
    /** The fields that stand right behind the last token, without a blank: `.Labels.name`, `(split …)._0`. */
    fields(first: Token | undefined): string[] {
      const names: string[] = [];
      let end = first === undefined ? endOf(tokens[at - 1]) : endOf(first);
      for (let next = tokens[at]; next?.kind === 'field' && next.position === end; next = tokens[at]) {
        names.push(next.text.slice(1));
        end = endOf(next);
        at += 1;
      }
      return names;
    },
  };
}

function endOf(token: Token | undefined): number {
  return token === undefined ? -1 : token.position + token.text.length;
}

function unquote({ text, position }: Token): string {
  const inside = text.slice(1, -1);
  if (text.startsWith('`')) return unquoteRaw(inside);
  const unquoted = unquoteInterpreted(inside);
  if (unquoted.ok) return unquoted.value;
  throw new TemplateFault(unquoted.message, position + 1 + unquoted.offset);
}
