// A regexp of re2js as an automaton of which all states exist before the first request. re2js makes its states while it
// matches, a few microseconds each, and `[ab]*a[ab]{100}x` has more of them than any path has characters: each new path
// would cost 90 ms. Here the states are counted once; a match then costs one look-up for each character. Pure.
import type { RE2JS } from 're2js';

/** One automaton. */
export type Automaton = {
  /** Whether the regexp matches anywhere in the text. Some nanoseconds for each character, whatever the regexp. */
  readonly test: (text: string) => boolean;
  /** What it took to build, in units of roughly 10 ns. */
  readonly work: number;
};

/** What re2js compiles a regexp to: Go's regexp/syntax.Prog. Not in its types; its version is pinned, and tests compare. */
type Program = { readonly start: number; readonly inst: readonly Instruction[] };
type Instruction = {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  readonly runes: ArrayLike<number>;
  matchRune(rune: number): boolean;
};
type Internals = {
  readonly re2Input: {
    readonly prog: Program;
    /** Begins of the ranges of characters that no instruction tells apart, but the first, which begins at 0. */
    readonly dfa: { readonly classBounds: ArrayLike<number> };
  };
};

const op = {
  alt: 1,
  altMatch: 2,
  capture: 3,
  emptyWidth: 4,
  match: 6,
  nop: 7,
  firstRune: 8,
  lastRune: 11,
} as const;
const empty = { beginLine: 1, endLine: 2, beginText: 4, endText: 8, boundary: 16, noBoundary: 32 } as const;

/** Outcomes in place of a next state. */
const accept = -1;
const reject = -2;

/** A table of more cells (256 KiB) is not worth its memory. */
const maxCells = 65_536;
const maxRune = 0x10ffff;

/** Builds the automaton; undefined when it would take more than `maxWork`. */
export function buildAutomaton(regexp: RE2JS, maxWork: number): Automaton | undefined {
  const { prog, dfa } = (regexp as unknown as Internals).re2Input;
  if (dfa.classBounds.length * prog.inst.length > maxWork) return undefined;
  const alphabet = createAlphabet(prog, dfa.classBounds);
  const closures = createClosures(prog);
  const isAnchored = closures.isDeadAfterBegin();
  const width = alphabet.groups.length + 1;
  const numbers = new Map<string, number>();
  const states: State[] = [];
  const cells: number[] = [];
  let work = alphabet.work;

  const numberOf = (kernel: readonly number[], before: Before): number => {
    if (kernel.length === 0) return reject;
    const key = `${before} ${kernel.join()}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, states.length);
    return states.push({ kernel, before }) - 1;
  };
  numberOf([prog.start], closures.usesBegin ? beforeBegin : beforeOther);

  for (let at = 0; at < states.length; at += 1) {
    const { kernel, before } = states[at] as State;
    const closureOf = closures.of(kernel);
    for (const group of alphabet.groups) {
      const closure = closureOf(flagsBetween(before, group.kind));
      work += 10 + closure.work + closure.runes.length;
      if (closure.isMatch) {
        cells.push(accept);
        continue;
      }
      const next = new Set<number>();
      for (const pc of closure.runes)
        if (group.takes[pc] === true) next.add((prog.inst[pc] as Instruction).out);
      if (!isAnchored) next.add(prog.start);
      work += 8 * next.size;
      cells.push(numberOf([...next].sort(ascending), closures.reduce(group.kind)));
    }
    cells.push(closureOf(flagsBetween(before, endKind)).isMatch ? accept : reject);
    if (work > maxWork || states.length * width > maxCells) return undefined;
  }
  return { test: createTest(Int32Array.from(cells), width, alphabet), work };
}

function createTest(cells: Int32Array, width: number, alphabet: Alphabet): (text: string) => boolean {
  const { latin1, groupOf } = alphabet;
  const end = width - 1;
  return (text) => {
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      let group = latin1[code];
      if (group === undefined) {
        const rune = text.codePointAt(at) ?? code;
        if (rune > 0xffff) at += 1;
        group = groupOf(rune);
      }
      state = cells[state * width + group] as number;
      if (state < 0) return state === accept;
    }
    return cells[state * width + end] === accept;
  };
}

/** What the character before was, as far as assertions ask; and the character behind, or the end. */
type Before = number;
type Kind = { readonly isEnd: boolean; readonly isNewline: boolean; readonly isWord: boolean };
type State = { readonly kernel: readonly number[]; readonly before: Before };

const beforeOther = 0;
const beforeBegin = 1;
const beforeNewline = 2;
const beforeWord = 4;
const endKind: Kind = { isEnd: true, isNewline: false, isWord: false };

/** The assertions that hold between two characters (Go, regexp/syntax.EmptyOpContext). */
function flagsBetween(before: Before, { isEnd, isNewline, isWord }: Kind): number {
  let flags = ((before & beforeWord) !== 0) === isWord ? empty.noBoundary : empty.boundary;
  if ((before & beforeBegin) !== 0) flags |= empty.beginText | empty.beginLine;
  if ((before & beforeNewline) !== 0) flags |= empty.beginLine;
  if (isEnd) flags |= empty.endText | empty.endLine;
  if (isNewline) flags |= empty.endLine;
  return flags;
}

/** Characters that no instruction and no assertion tells apart. */
type Group = {
  readonly kind: Kind /** By instruction, whether it takes them. */;
  readonly takes: readonly boolean[];
};

type Alphabet = {
  readonly groups: readonly Group[];
  /** The group of each character below 256. */
  readonly latin1: Uint16Array;
  readonly groupOf: (rune: number) => number;
  readonly work: number;
};

function createAlphabet({ inst }: Program, classBounds: ArrayLike<number>): Alphabet {
  const bounds = [0, ...Array.from(classBounds).filter((bound) => bound <= maxRune)];
  // Repetitions share their sets: `\pL{100}` is one set of characters and not a hundred. Equal ones elsewhere are the
  // same set too, but for long ones, which cost more to compare than to keep apart.
  const sets = new Map<unknown, { readonly first: Instruction; readonly pcs: number[] }>();
  for (const [pc, one] of inst.entries()) {
    if (!isRune(one)) continue;
    const key = one.runes.length > 8 ? one.runes : `${one.arg} ${Array.from(one.runes).join()}`;
    const known = sets.get(key);
    if (known === undefined) sets.set(key, { first: one, pcs: [pc] });
    else known.pcs.push(pc);
  }
  const distinct = [...sets.values()];
  const groups: Group[] = [];
  const known = new Map<string, number>();
  const groupOfClass = bounds.map((rune) => {
    const kind = { isEnd: false, isNewline: rune === 10, isWord: isWordRune(rune) };
    const taking = distinct.map(({ first }) => first.matchRune(rune));
    const key = `${kind.isNewline} ${kind.isWord} ${taking.join()}`;
    const group = known.get(key);
    if (group !== undefined) return group;
    const takes: boolean[] = new Array(inst.length).fill(false);
    for (const [at, { pcs }] of distinct.entries()) for (const pc of pcs) takes[pc] = taking[at] === true;
    known.set(key, groups.length);
    return groups.push({ kind, takes }) - 1;
  });
  const groupOf = (rune: number): number => {
    let [from, to] = [0, bounds.length];
    while (to - from > 1) {
      const middle = (from + to) >>> 1;
      if ((bounds[middle] as number) <= rune) from = middle;
      else to = middle;
    }
    return groupOfClass[from] as number;
  };
  const latin1 = Uint16Array.from({ length: 256 }, (_, code) => groupOf(code));
  return { groups, latin1, groupOf, work: inst.length + 5 * bounds.length * (distinct.length + 1) };
}

/** What a set of instructions leads to without a character, where some assertions hold. */
type Closure = { readonly runes: readonly number[]; readonly isMatch: boolean; readonly work: number };

function createClosures({ inst, start }: Program) {
  const asked = inst.reduce((all, one) => (one.op === op.emptyWidth ? all | one.arg : all), 0);
  const usesBegin = (asked & (empty.beginText | empty.beginLine)) !== 0;
  const usesLines = (asked & empty.beginLine) !== 0;
  const usesWords = (asked & (empty.boundary | empty.noBoundary)) !== 0;

  const close = (kernel: readonly number[], flags: number): Closure => {
    const seen = new Set<number>();
    const open = [...kernel];
    const runes: number[] = [];
    let isMatch = false;
    for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
      const one = inst[pc];
      if (one === undefined || seen.has(pc)) continue;
      seen.add(pc);
      if (isRune(one)) runes.push(pc);
      else if (one.op === op.match) isMatch = true;
      else if (one.op === op.alt || one.op === op.altMatch) open.push(one.out, one.arg);
      else if (one.op === op.capture || one.op === op.nop) open.push(one.out);
      else if (one.op === op.emptyWidth && (one.arg & ~flags) === 0) open.push(one.out);
    }
    return { runes, isMatch, work: 5 * seen.size };
  };

  return {
    usesBegin,
    /** Closures of one kernel: groups of characters mostly share theirs, and then its work counts once. */
    of(kernel: readonly number[]): (flags: number) => Closure {
      const known = new Map<number, Closure>();
      return (flags) => {
        const key = flags & asked;
        const before = known.get(key);
        if (before !== undefined) return before;
        const closure = close(kernel, key);
        known.set(key, { ...closure, work: 0 });
        return closure;
      };
    },
    /** Whether a match can begin at the begin of the text only, so that no later begin need be tried. */
    isDeadAfterBegin(): boolean {
      const { runes, isMatch } = close([start], asked & ~empty.beginText);
      return runes.length === 0 && !isMatch;
    },
    /** What of a character the next state has to remember. */
    reduce({ isNewline, isWord }: Kind): Before {
      return (isNewline && usesLines ? beforeNewline : 0) | (isWord && usesWords ? beforeWord : 0);
    },
  };
}

function isRune({ op: kind }: Instruction): boolean {
  return kind >= op.firstRune && kind <= op.lastRune;
}

/** ASCII only, as \b is in RE2. */
function isWordRune(rune: number): boolean {
  return /^\w$/.test(String.fromCodePoint(rune));
}

function ascending(one: number, other: number): number {
  return one - other;
}
