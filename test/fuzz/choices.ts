// Where generators take their decisions from: a seed in long runs, numbers of fast-check in tests, which then finds the
// smallest numbers that still fail.

/** Gives decisions one after the other. */
export type Choices = {
  /** A whole number from 0 to `below` - 1. */
  next(below: number): number;
};

/** Endless, the same for the same seed (xorshift32). */
export function seeded(seed: number): Choices {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  return {
    next(below) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    },
  };
}

/** These, then zeros. */
export function listed(numbers: readonly number[]): Choices {
  let at = 0;
  return { next: (below) => (numbers[at++] ?? 0) % below };
}

/** One of the list. */
export function pick<T>(choices: Choices, list: readonly T[]): T {
  return list[choices.next(list.length)] as T;
}

/** The bytes in pieces, cut at every place, at none, or at some. */
export function cut(choices: Choices, bytes: Buffer): Buffer[] {
  const way = choices.next(4);
  if (way === 0) return [bytes];
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const length = way === 1 ? 1 : 1 + choices.next(way === 2 ? 8 : 80);
    pieces.push(bytes.subarray(from, from + length));
    from += length;
  }
  return pieces;
}

/** Changes a few bytes: takes away, doubles, puts another in. */
export function mutate(choices: Choices, text: string): string {
  let changed = text;
  for (let times = choices.next(4); times > 0; times--) {
    const at = choices.next(changed.length + 1);
    const way = choices.next(4);
    const put =
      way === 0 ? '' : way === 1 ? changed.slice(at, at + 1 + choices.next(12)) : pick(choices, oddities);
    changed = changed.slice(0, at) + put + changed.slice(way === 3 ? at : at + 1);
  }
  return changed;
}

/** What parsers stumble over. */
const oddities = [
  '\r',
  '\n',
  '\r\n',
  '\n\r',
  '\r\n\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '\v',
  '\f',
  '\x7f',
  '\x80',
  '\xff',
  '0',
  '-',
  '+',
  '#',
  '"',
  '\\',
  '_',
  'a',
  'F',
  '=',
];
