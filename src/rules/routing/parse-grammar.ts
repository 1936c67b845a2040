// The grammar that all languages of rules share: `||` binds weaker than `&&`, which binds weaker than `!`, as in Go. What a
// call means is the language's own.
import { type CallArgument, type MatcherCall, type RuleReport, toFault } from './matcher-call.ts';
import { joinNodes, type RuleFault, type RuleNode } from './rule-node.ts';
import { type Token, tokeniseRule } from './tokenise-rule.ts';

/** A rule of matchers `M` that compiles, or everything that is wrong with it. */
export type ParseResult<M extends string> =
  | { readonly ok: true; readonly rule: RuleNode<M>; readonly warnings: readonly RuleFault[] }
  | { readonly ok: false; readonly faults: readonly RuleFault[] };

/** The node of a call, or undefined after reporting why there is none. */
export type CallChecker<M extends string> = (
  call: MatcherCall,
  report: RuleReport,
) => RuleNode<M> | undefined;

/** Deepest nesting of parentheses and negations: far beyond any rule of a person, far below the stack's end. */
const maxNesting = 100;

/** The first error of grammar ends the parse; faults of calls are all reported together. */
export function parseGrammar<M extends string>(text: string, checkCall: CallChecker<M>): ParseResult<M> {
  const cut = tokeniseRule(text);
  if (!cut.ok) return { ok: false, faults: [cut.fault] };
  const report: RuleReport = { faults: [], warnings: [] };
  const parser = createParser(cut.tokens, report, checkCall);
  try {
    const rule = parser.readRule();
    if (report.faults.length === 0 && rule) return { ok: true, rule, warnings: report.warnings };
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    report.faults.push(error.fault);
  }
  return { ok: false, faults: report.faults };
}

/** Ends a parse from any depth; never leaves this file. */
class GrammarError extends Error {
  readonly fault: RuleFault;
  constructor(fault: RuleFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Undefined stands for a part that was reported as faulty: reading goes on, to find the next fault. */
type Part<M extends string> = RuleNode<M> | undefined;

function createParser<M extends string>(
  tokens: readonly Token[],
  report: RuleReport,
  checkCall: CallChecker<M>,
): { readRule(): Part<M> } {
  const end: Token = { kind: 'end', text: '', position: 0 };
  let index = 0;
  let nesting = 0;
  const peek = (): Token => tokens[index] ?? end;
  const take = (): Token => tokens[index++] ?? end;

  const readRule = (): Part<M> => {
    if (peek().kind === 'end') throw new GrammarError(toFault('The rule is empty.', 0));
    const rule = readOperators('||');
    if (peek().kind !== 'end') throw unexpected(peek(), '&&, || or the end of the rule');
    return rule;
  };

  const readOperators = (operator: '||' | '&&'): Part<M> => {
    const parts = [operator === '||' ? readOperators('&&') : readUnary()];
    while (peek().kind === operator) {
      take();
      parts.push(operator === '||' ? readOperators('&&') : readUnary());
    }
    const [first, ...rest] = parts.filter((part) => part !== undefined);
    return first && rest.length + 1 === parts.length
      ? joinNodes(operator === '||' ? 'or' : 'and', [first, ...rest])
      : undefined;
  };

  const readUnary = (): Part<M> => {
    const token = take();
    if (token.kind === 'name') return readCall(token);
    if (token.kind !== '!' && token.kind !== '(')
      throw unexpected(token, 'a matcher such as Host(`example.com`)');
    nesting++;
    if (nesting > maxNesting)
      throw new GrammarError(toFault('The rule is nested too deeply.', token.position));
    const node = token.kind === '!' ? readUnary() : readOperators('||');
    nesting--;
    if (token.kind === '!') return node && { kind: 'not', node };
    if (peek().kind !== ')') throw unexpected(peek(), 'a closing parenthesis');
    take();
    return node;
  };

  const readCall = (name: Token): Part<M> => {
    if (peek().kind !== '(') throw unexpected(peek(), `"(" after ${name.text}`, wordHint(name.text));
    take();
    const args: CallArgument[] = [];
    while (peek().kind !== ')') {
      const value = take();
      if (value.kind !== 'string') throw unexpected(value, 'a value in back-quotes');
      args.push({ value: value.text, position: value.position });
      if (peek().kind === ',') take();
      else if (peek().kind !== ')') throw unexpected(peek(), '"," or ")"');
    }
    take();
    return checkCall({ name: name.text, args, position: name.position }, report);
  };

  return { readRule };
}

function unexpected(token: Token, wanted: string, hint?: string): GrammarError {
  if (token.kind === 'newline') {
    const message = 'A line cannot end here.';
    const lineHint = 'Put the operator at the end of the line, or write the rule in one line.';
    return new GrammarError(toFault(message, token.position, lineHint));
  }
  const found =
    token.kind === 'end' ? 'the rule ends' : token.kind === 'string' ? 'a string' : `"${token.text}"`;
  return new GrammarError(
    toFault(`Expected ${wanted}, found ${found}.`, token.position, hint ?? wordHint(token.text)),
  );
}

function wordHint(word: string): string | undefined {
  return { AND: 'Write && for "and".', OR: 'Write || for "or".', NOT: 'Write ! for "not".' }[
    word.toUpperCase()
  ];
}
