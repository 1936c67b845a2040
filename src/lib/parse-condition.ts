// Conditions in the language of vulcand/predicate, which Traefik's expressions are written in: calls without arguments,
// compared with a number or a text, joined by &&, || and parentheses; `!` is more than Traefik takes. What the calls mean is
// not known here. Pure; a fault says where it stands.

/** How a call is compared. */
export type ConditionOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** A node of the tree. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly inner: Condition }
  | ConditionCall;

/** A call; without a comparison it has to be true by itself. */
export type ConditionCall = {
  readonly kind: 'call';
  readonly name: string;
  /** Of its name, from 0. */
  readonly position: number;
  readonly comparison: { readonly operator: ConditionOperator; readonly value: number | string } | undefined;
};

/** The tree, or what is wrong at which character. */
export type ParsedCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly position: number; readonly message: string };

/** Longer ones are nobody's own words; parentheses within parentheses stay within any stack. */
const maxLength = 1024;

/** Parses the text. */
export function parseCondition(text: string): ParsedCondition {
  try {
    if (text.length > maxLength) throw new Fault(maxLength, `It is longer than ${maxLength} characters.`);
    return { ok: true, condition: new Reader(text).whole() };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { ok: false, position: fault.position, message: fault.message };
  }
}

/** All calls in it, from left to right. */
export function* callsOf(condition: Condition): Generator<ConditionCall> {
  if (condition.kind === 'call') yield condition;
  else if (condition.kind === 'not') yield* callsOf(condition.inner);
  else {
    yield* callsOf(condition.left);
    yield* callsOf(condition.right);
  }
}

/** Ends the parsing; it does not leave this file. */
class Fault extends Error {
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Condition {
    const condition = this.#any();
    if (this.#takes(/\s*$/y) === undefined) throw this.#fault('&& or || or the end');
    return condition;
  }

  #any(): Condition {
    let left = this.#all();
    while (this.#takes(/\s*\|\|/y) !== undefined) left = { kind: 'or', left, right: this.#all() };
    return left;
  }

  #all(): Condition {
    let left = this.#one();
    while (this.#takes(/\s*&&/y) !== undefined) left = { kind: 'and', left, right: this.#one() };
    return left;
  }

  #one(): Condition {
    if (this.#takes(/\s*!(?!=)/y) !== undefined) return { kind: 'not', inner: this.#one() };
    if (this.#takes(/\s*\(/y) === undefined) return this.#call();
    const inner = this.#any();
    if (this.#takes(/\s*\)/y) === undefined) throw this.#fault(')');
    return inner;
  }

  #call(): ConditionCall {
    this.#takes(/\s*/y);
    const position = this.#at;
    const name = this.#takes(/[A-Za-z_]\w*/y);
    if (name === undefined) throw this.#fault('a function');
    if (this.#takes(/\s*\(\s*\)/y) === undefined) throw this.#fault('()');
    const operator = this.#takes(/\s*(?:==|!=|<=|>=|<|>)/y)?.trim() as ConditionOperator | undefined;
    const comparison = operator === undefined ? undefined : { operator, value: this.#value() };
    return { kind: 'call', name, position, comparison };
  }

  #value(): number | string {
    const number = this.#takes(/\s*-?\d+(?:\.\d+)?/y);
    if (number !== undefined) return Number(number);
    const text = this.#takes(/\s*(?:"[^"\\]*"|`[^`]*`)/y)?.trim();
    if (text === undefined) throw this.#fault('a number, or a text in quotes');
    return text.slice(1, -1);
  }

  /** Goes past what matches here. */
  #takes(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }

  #fault(expected: string): Fault {
    const rest = this.#text.slice(this.#at).trim();
    const seen = rest === '' ? 'there is nothing more' : `there is ${rest.slice(0, 20)}`;
    return new Fault(this.#at, `Here should stand ${expected}: ${seen}.`);
  }
}
