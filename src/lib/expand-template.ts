// Replacement templates in the meaning of Go's regexp.Expand: $1, ${1}, $name, ${name} and $$.

/** A literal text, or what a group has matched. */
export type TemplatePart = { readonly literal: string } | { readonly group: number };

/**
 * Reads a template. `groupOf` gives the number of a named group. A name is as long as it can be (`$1x` is the group `1x`);
 * groups that there are not are empty, and a $ that begins no name stands for itself.
 */
export function parseTemplate(
  template: string,
  groupCount: number,
  groupOf: (name: string) => number | undefined,
): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let from = 0;
  for (const match of template.matchAll(/\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu)) {
    literal += template.slice(from, match.index);
    from = match.index + match[0].length;
    const name = match[1] ?? match[2];
    if (name === undefined) {
      literal += '$';
      continue;
    }
    // As in Go, a number has no leading zeros.
    const group = /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : groupOf(name);
    if (group === undefined || group > groupCount) continue;
    if (literal !== '') parts.push({ literal });
    literal = '';
    parts.push({ group });
  }
  literal += template.slice(from);
  if (literal !== '') parts.push({ literal });
  return parts;
}
