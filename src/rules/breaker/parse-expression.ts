// The text of a circuit breaker's expression → its tree. Source: vulcand/oxy, cbreaker/predicates.go; `!` is more than
// Traefik takes. Pure; a fault says where it stands.
import { nearestName } from '../../lib/nearest.ts';
import type { BreakerExpression, BreakerMetric, Comparison } from '../../model/breaker-expression.ts';

/** The tree, or what is wrong at which character (from 0). */
export type ParsedExpression =
  | { readonly ok: true; readonly expression: BreakerExpression }
  | { readonly ok: false; readonly position: number; readonly message: string; readonly hint: string };

type Token = {
  readonly kind: 'word' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly position: number;
};

/** Long enough for any reason to open, and short enough for parentheses within parentheses. */
const maxLength = 1024;

const example = 'Write it such as NetworkErrorRatio() > 0.3 || ResponseCodeRatio(500, 600, 0, 600) > 0.25.';

const comparisons: ReadonlySet<string> = new Set(['>', '>=', '<', '<=', '==', '!=']);

/** How many numbers stand in the parentheses of each measurement, and what becomes of them. */
const metrics: Readonly<
  Record<
    string,
    { readonly arity: number; readonly usage: string; readonly toMetric: (args: number[]) => BreakerMetric }
  >
> = {
  NetworkErrorRatio: {
    arity: 0,
    usage: 'NetworkErrorRatio()',
    toMetric: () => ({ name: 'NetworkErrorRatio' }),
  },
  RequestThreshold: {
    arity: 0,
    usage: 'RequestThreshold()',
    toMetric: () => ({ name: 'RequestThreshold' }),
  },
  LatencyAtQuantileMS: {
    arity: 1,
    usage: 'LatencyAtQuantileMS(50.0)',
    toMetric: ([quantile = 0]) => ({ name: 'LatencyAtQuantileMS', quantile }),
  },
  ResponseCodeRatio: {
    arity: 4,
    usage: 'ResponseCodeRatio(500, 600, 0, 600)',
    toMetric: ([from = 0, to = 0, wholeFrom = 0, wholeTo = 0]) => ({
      name: 'ResponseCodeRatio',
      part: { from, to },
      whole: { from: wholeFrom, to: wholeTo },
    }),
  },
};

/** Parses the text. */
export function parseExpression(text: string): ParsedExpression {
  try {
    if (text.length > maxLength) throw new Fault(maxLength, `It is longer than ${maxLength} characters.`);
    const parser = new Parser(tokenise(text));
    const expression = parser.any();
    parser.expect('end', '', '&& or || or the end');
    return { ok: true, expression };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { ok: false, position: fault.position, message: fault.message, hint: fault.hint };
  }
}

/** Ends the parsing; it does not leave this file. */
class Fault extends Error {
  readonly position: number;
  readonly hint: string;

  constructor(position: number, message: string, hint: string = example) {
    super(message);
    this.position = position;
    this.hint = hint;
  }
}

function tokenise(text: string): readonly Token[] {
  const pattern =
    /\s+|(?<word>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d*)?|\.\d+)|(?<symbol>&&|\|\||[<>=!]=|[<>!(),])/y;
  const tokens: Token[] = [];
  for (let position = 0; position < text.length; position = pattern.lastIndex) {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found === null) throw new Fault(position, `${JSON.stringify(text[position])} has no meaning here.`);
    const { word, number, symbol } = found.groups ?? {};
    const kind = word !== undefined ? 'word' : number !== undefined ? 'number' : 'symbol';
    const token = word ?? number ?? symbol;
    if (token !== undefined) tokens.push({ kind, text: token, position });
  }
  tokens.push({ kind: 'end', text: '', position: text.length });
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  any(): BreakerExpression {
    let left = this.all();
    while (this.takes('||')) left = { kind: 'or', left, right: this.all() };
    return left;
  }

  all(): BreakerExpression {
    let left = this.one();
    while (this.takes('&&')) left = { kind: 'and', left, right: this.one() };
    return left;
  }

  one(): BreakerExpression {
    if (this.takes('!')) return { kind: 'not', inner: this.one() };
    if (!this.takes('(')) return this.comparison();
    const inner = this.any();
    this.expect('symbol', ')', ')');
    return inner;
  }

  comparison(): BreakerExpression {
    const metric = this.metric();
    const { text, position } = this.#next;
    if (!comparisons.has(text)) {
      throw new Fault(position, `A comparison is missing: ${said(this.#next)}.`);
    }
    this.#at += 1;
    const value = Number(this.expect('number', undefined, 'a number').text);
    return { kind: 'compare', metric, operator: text as Comparison, value };
  }

  metric(): BreakerMetric {
    const { text: name, position } = this.expect('word', undefined, 'a measurement');
    const known = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
    if (known === undefined) {
      const near = nearestName(name, Object.keys(metrics));
      const hint =
        near === undefined ? `There are ${Object.keys(metrics).join(', ')}.` : `Did you mean ${near}?`;
      throw new Fault(position, `There is no measurement ${name}.`, hint);
    }
    this.expect('symbol', '(', '(');
    const args: number[] = [];
    while (this.#next.text !== ')') {
      if (args.length > 0) this.expect('symbol', ',', ', or )');
      args.push(Number(this.expect('number', undefined, 'a number').text));
    }
    this.expect('symbol', ')', ')');
    if (args.length === known.arity) return known.toMetric(args);
    const numbers = known.arity === 1 ? 'one number' : `${known.arity === 0 ? 'no' : known.arity} numbers`;
    throw new Fault(position, `${name} takes ${numbers}, and not ${args.length}.`, `Write ${known.usage}.`);
  }

  /** Goes past the symbol if it is next. */
  takes(symbol: string): boolean {
    if (this.#next.kind !== 'symbol' || this.#next.text !== symbol) return false;
    this.#at += 1;
    return true;
  }

  expect(kind: Token['kind'], text: string | undefined, what: string): Token {
    const token = this.#next;
    if (token.kind !== kind || (text !== undefined && token.text !== text)) {
      throw new Fault(token.position, `Here should stand ${what}: ${said(token)}.`);
    }
    this.#at += 1;
    return token;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', position: 0 };
  }
}

function said({ kind, text }: Token): string {
  return kind === 'end' ? 'there is nothing more' : `there is ${text}`;
}
