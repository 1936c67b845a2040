// Names for the text of a diagnostic.

/** More names make no message clearer, and a container may declare thousands. */
const maxNames = 6;

/** The names joined by commas, cut after the first few; `none` for none. */
export function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length - maxNames;
  return `${names.slice(0, maxNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
