// "Did you mean": the known name that is nearest to a misspelt one.

/** Longer words are not compared: nobody mistypes them by a letter, and the work would grow with their square. */
const maxWordLength = 64;

/**
 * The known name with the fewest edits (a letter more, less, other, or two swapped; case ignored), the first of equals.
 * Undefined when none is near: one edit is allowed up to three letters, two up to six, three beyond.
 */
export function nearestName(word: string, known: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > maxWordLength) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = word.length <= 3 ? 2 : word.length <= 6 ? 3 : 4;
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Optimal string alignment distance of two words; `limit` or more is reported as `limit`. */
export function editDistance(from: string, to: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = current;
  }
  return Math.min(at(last, to.length), limit);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
