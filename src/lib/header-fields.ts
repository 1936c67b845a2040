// Header fields as a flat list: name, value, name, value … It keeps order, spelling and repetition, as they are on the
// wire, and is what Node's rawHeaders, writeHead and undici take. Names are compared without regard to case.

/** Names at even places, values at odd ones. */
export type Fields = string[];
/** The same, not to be changed. */
export type ReadonlyFields = readonly string[];

/** The first value of a field, or undefined. `name` is in lower case. */
export function fieldOf(fields: ReadonlyFields, name: string): string | undefined {
  for (let at = 0; at < fields.length; at += 2) {
    if (isNamed(fields[at], name)) return fields[at + 1];
  }
  return undefined;
}

/** All values of a field joined by a comma (RFC 9110 §5.3), or undefined. `name` is in lower case. */
export function joinedFieldOf(fields: ReadonlyFields, name: string): string | undefined {
  let joined: string | undefined;
  for (let at = 0; at < fields.length; at += 2) {
    if (!isNamed(fields[at], name)) continue;
    const value = fields[at + 1] ?? '';
    joined = joined === undefined ? value : `${joined}, ${value}`;
  }
  return joined;
}

/** Replaces every field of that name by one. */
export function setField(fields: Fields, name: string, value: string): void {
  removeField(fields, name.toLowerCase());
  fields.push(name, value);
}

/** Removes every field of that name. `name` is in lower case. */
export function removeField(fields: Fields, name: string): void {
  let kept = 0;
  for (let at = 0; at < fields.length; at += 2) {
    const candidate = fields[at] ?? '';
    if (isNamed(candidate, name)) continue;
    if (kept !== at) {
      fields[kept] = candidate;
      fields[kept + 1] = fields[at + 1] ?? '';
    }
    kept += 2;
  }
  fields.length = kept;
}

/**
 * Removes every field of that name, and those that CGI, WSGI and PHP programs take for it: to them `X_User` is `X-User`
 * (GHSA-6384-m2mw-rf54). For names that a client must not bring along.
 */
export function removeFieldAndAliases(fields: Fields, name: string): void {
  const wanted = toCgiName(name);
  const kept: Fields = [];
  for (let at = 0; at < fields.length; at += 2) {
    const candidate = fields[at] ?? '';
    if (toCgiName(candidate) !== wanted) kept.push(candidate, fields[at + 1] ?? '');
  }
  fields.splice(0, fields.length, ...kept);
}

function toCgiName(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}

/** The lower-case members of a list such as that of Connection (RFC 9110 §5.6.1), without empty ones. */
export function listMembers(value: string): readonly string[] {
  return value
    .toLowerCase()
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
}

function isNamed(candidate: string | undefined, name: string): boolean {
  return (
    candidate !== undefined &&
    candidate.length === name.length &&
    (candidate === name || candidate.toLowerCase() === name)
  );
}
