// Reads the Authorization field of the Digest scheme (RFC 7616 §3.4): name=value pairs, values quoted or not.

/** What a client says, by the names of the parameters in lower case. */
export type DigestField = ReadonlyMap<string, string>;

/** Longer fields are no credentials. */
const maxLength = 8192;

const scheme = 'digest ';
const token = /[\w!#$%&'*+.^`|~-]/;

/** Undefined when the field is absent, of another scheme or malformed, or names a parameter twice. */
export function readDigestField(field: string | undefined): DigestField | undefined {
  if (field === undefined || field.length > maxLength) return undefined;
  if (field.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
  const found = new Map<string, string>();
  let at = scheme.length;
  const skip = (characters: string): void => {
    while (at < field.length && characters.includes(field.charAt(at))) at += 1;
  };
  const readToken = (): string => {
    const start = at;
    while (at < field.length && token.test(field.charAt(at))) at += 1;
    return field.slice(start, at);
  };
  for (skip(' \t,'); at < field.length; skip(' \t,')) {
    const name = readToken().toLowerCase();
    skip(' \t');
    if (name === '' || field.charAt(at) !== '=' || found.has(name)) return undefined;
    at += 1;
    skip(' \t');
    let value: string | undefined;
    if (field.charAt(at) === '"') {
      const end = endOfQuoted(field, at + 1);
      if (end === undefined) return undefined;
      value = field.slice(at + 1, end).replace(/\\(.)/g, '$1');
      at = end + 1;
    } else value = readToken();
    found.set(name, value);
  }
  return found;
}

/** Where the closing quote stands. */
function endOfQuoted(field: string, from: number): number | undefined {
  for (let at = from; at < field.length; at += 1) {
    const character = field.charAt(at);
    if (character === '"') return at;
    if (character === '\\') at += 1;
  }
  return undefined;
}
