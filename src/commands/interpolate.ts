// Variables in compose files: $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:+other}, ${NAME+other},
// ${NAME:?error} and $$ for a dollar (compose specification, "Interpolation"). Pure.

const pattern =
  /\$(?:(?<dollar>\$)|(?<plain>[A-Za-z_]\w*)|\{(?<name>[A-Za-z_]\w*)(?:(?<operator>:?[-+?])(?<word>[^}]*))?\})/g;

/** `text` with its variables filled in; an unknown one is empty, as in compose. */
export function interpolate(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replace(pattern, (...match) => {
    const {
      dollar,
      plain,
      name,
      operator = '',
      word = '',
    } = match.at(-1) as Record<string, string | undefined>;
    if (dollar !== undefined) return '$';
    const value = environment[plain ?? name ?? ''];
    const present = value !== undefined && !(operator.startsWith(':') && value === '');
    if (operator.endsWith('+')) return present ? word : '';
    if (operator.endsWith('-')) return present ? value : word;
    return value ?? '';
  });
}
