// Compiles the regexps of rules: Go's RE2 syntax (re2js), so Traefik's regexps mean the same. A label must not be able to
// stall the gateway (ReDoS), so a regexp that could make one match long is refused before it is used.
import { RE2JS } from 're2js';
import { buildAutomaton } from './regexp-automaton.ts';

/** Longest host that a regexp sees, in characters: the limit of a DNS name (RFC 1035 §2.3.4). */
export const maxHostLength = 255;

/** Longest path, header value or query value that a regexp sees, in characters: nginx's limit of a request line. */
export const maxRegexpInput = 8192;

/** Longest regexp, in characters: long lists of words fit, and compiling takes a microsecond a character. */
const maxRegexpLength = 8192;

/**
 * Largest compiled program, in instructions. `(.{0,50}a){20}` is 14 characters and 2,000 instructions; compiling takes
 * about a microsecond for each.
 */
const maxRegexpProgram = 2000;

/**
 * Most that building an automaton may cost: 5 to 10 ms. The costliest that people write (lists of browsers in any case)
 * take 280,000; those that grow with every repetition of an overlapping class reach any bound.
 */
const maxAutomatonWork = 400_000;

/** One unit of the automaton's work is about 10 ns, and an instruction takes a microsecond to compile. */
const workPerInstruction = 100;

/** Whether the text holds a match. */
export type RegexpTest = (text: string) => boolean;

/** The regexp, or why there is none: one sentence, and what to do. `work`: what it cost, in units of about 10 ns. */
export type CompiledRegexp =
  | { readonly ok: true; readonly test: RegexpTest; readonly work: number }
  | { readonly ok: false; readonly message: string; readonly hint?: string; readonly work: number };

/** Compiles a regexp. What comes out takes some nanoseconds for each character of a text, whatever the regexp. */
export function compileRegexp(source: string): CompiledRegexp {
  if (source.length > maxRegexpLength) {
    const hint = 'Split it into several routers, or several matchers joined by ||.';
    return refused(`The regular expression is longer than ${maxRegexpLength} characters.`, 0, hint);
  }
  const parsed = parse(source);
  if (typeof parsed === 'string') {
    const work = source.length * workPerInstruction;
    return refused(`The regular expression does not compile: ${parsed}.`, work, hintOf(parsed));
  }
  const compiling = parsed.programSize() * workPerInstruction;
  if (parsed.programSize() > maxRegexpProgram) {
    const message = 'The regular expression is too large once its repetitions are written out.';
    return refused(message, compiling, 'Use smaller counts in braces, or + and *.');
  }
  const automaton = buildAutomaton(parsed, maxAutomatonWork);
  if (automaton === undefined) {
    const message = 'The regular expression has so many states that one match could take very long.';
    const hint = 'Begin it with ^, and write + or * in place of counts in braces.';
    return refused(message, compiling + maxAutomatonWork, hint);
  }
  return { ok: true, test: automaton.test, work: compiling + automaton.work };
}

/** The regexp, or in words what is wrong with it. */
function parse(source: string): RE2JS | string {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
  }
}

function hintOf(reason: string): string | undefined {
  return /perl syntax/i.test(reason)
    ? "Go's RE2 syntax has neither look-around nor back-references; use ! and && between matchers."
    : undefined;
}

function refused(message: string, work: number, hint: string | undefined): CompiledRegexp {
  return { ok: false, message, work, ...(hint === undefined ? {} : { hint }) };
}

/** Compiled regexps by their source, shared by all that use one, for as long as anybody does. */
export type RegexpCache = {
  /**
   * A test for texts of at most `maxLength` characters; longer ones are cut, which bounds the time.
   * @throws Error if the regexp was not checked before: an invariant broken.
   */
  testOf(source: string, maxLength: number): RegexpTest;
};

/** Entries of regexps that nobody uses any more are swept out when there are this many more than after the last time. */
const sweepAfter = 1_000;

/** An empty cache. */
export function createRegexpCache(): RegexpCache {
  const known = new Map<string, WeakRef<RegexpTest>>();
  let sweepAt = sweepAfter;

  const find = (source: string): RegexpTest => {
    const before = known.get(source)?.deref();
    if (before !== undefined) return before;
    const compiled = compileRegexp(source);
    if (!compiled.ok) throw new Error(`A rule with an unchecked regexp was compiled: ${compiled.message}`);
    if (known.size >= sweepAt) {
      for (const [one, test] of known) if (test.deref() === undefined) known.delete(one);
      sweepAt = known.size + sweepAfter;
    }
    known.set(source, new WeakRef(compiled.test));
    return compiled.test;
  };

  return {
    testOf(source, maxLength) {
      const test = find(source);
      // Heads from the normalisers are within the limits already; headers and queries may not be.
      return (text) => test(text.length > maxLength ? text.slice(0, maxLength) : text);
    },
  };
}
