// Boolean words: those of Go's strconv.ParseBool, and the wider set that people write.

const goTrue: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const goFalse: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);
const humanTrue: ReadonlySet<string> = new Set(['1', 't', 'true', 'y', 'yes', 'on', 'enabled']);
const humanFalse: ReadonlySet<string> = new Set(['0', 'f', 'false', 'n', 'no', 'off', 'disabled']);

/** What Go's strconv.ParseBool makes of the text; undefined where that is an error, blanks included. */
export function parseGoBool(text: string): boolean | undefined {
  if (goTrue.has(text)) return true;
  return goFalse.has(text) ? false : undefined;
}

/** What a person means: yes, on, true, 1 … in any case, blanks around it allowed; undefined for other words. */
export function parseHumanBool(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (humanTrue.has(word)) return true;
  return humanFalse.has(word) ? false : undefined;
}
