// The functions of rule templates: Go's own, Traefik's `normalize`, and the string functions of sprig that rules use.
// Source: Go's text/template "Functions"; https://masterminds.github.io/sprig/. None reads the environment or a file.

/** What an expression can be. */
export type Value = string | number | boolean | undefined | readonly string[] | Fields;
/** What fields can be taken of: the data of the template, its labels, the parts of `split`. */
export type Fields = { readonly fields: ReadonlyMap<string, Value> };

type Implementation = (...args: Value[]) => Value;

/** All functions by name: `arity` is the least and the greatest number of arguments, the piped one included. */
export const templateFunctions: ReadonlyMap<
  string,
  { readonly arity: readonly [number, number]; readonly run: Implementation }
> = new Map(
  Object.entries<readonly [number, number, Implementation]>({
    normalize: [1, 1, (text) => normalizeName(show(text))],
    lower: [1, 1, (text) => show(text).toLowerCase()],
    upper: [1, 1, (text) => show(text).toUpperCase()],
    title: [1, 1, (text) => show(text).replace(/(^|\s)(\S)/gu, (found) => found.toUpperCase())],
    trim: [1, 1, (text) => show(text).trim()],
    trimAll: [2, 2, (cut, text) => trimStart(trimEnd(show(text), show(cut)), show(cut))],
    trimPrefix: [2, 2, (prefix, text) => cutPrefix(show(text), show(prefix))],
    trimSuffix: [2, 2, (suffix, text) => cutSuffix(show(text), show(suffix))],
    nospace: [1, 1, (text) => show(text).replaceAll(/\s/g, '')],
    replace: [3, 3, (old, by, text) => replaceAll(show(text), show(old), show(by))],
    contains: [2, 2, (part, text) => show(text).includes(show(part))],
    hasPrefix: [2, 2, (prefix, text) => show(text).startsWith(show(prefix))],
    hasSuffix: [2, 2, (suffix, text) => show(text).endsWith(show(suffix))],
    trunc: [2, 2, (length, text) => truncate(show(text), Number(length))],
    quote: [1, 1, (text) => JSON.stringify(show(text))],
    squote: [1, 1, (text) => `'${show(text)}'`],
    split: [2, 2, (separator, text) => splitToFields(show(separator), show(text))],
    splitList: [2, 2, (separator, text) => splitText(show(separator), show(text))],
    join: [2, 2, (separator, list) => (isList(list) ? list.join(show(separator)) : show(list))],
    first: [1, 1, (list) => (isList(list) ? list[0] : undefined)],
    last: [1, 1, (list) => (isList(list) ? list.at(-1) : undefined)],
    index: [2, 2, (value, key) => indexOf(value, key)],
    len: [1, 1, lengthOf],
    default: [1, 2, (fallback, value) => (isTrue(value) ? value : fallback)],
    coalesce: [1, 20, (...values) => values.find(isTrue)],
    ternary: [3, 3, (yes, no, condition) => (isTrue(condition) ? yes : no)],
    empty: [1, 1, (value) => !isTrue(value)],
    and: [
      1,
      20,
      (...values) => (values.every(isTrue) ? values.at(-1) : values.find((value) => !isTrue(value))),
    ],
    or: [1, 20, (...values) => values.find(isTrue) ?? values.at(-1)],
    not: [1, 1, (value) => !isTrue(value)],
    eq: [2, 20, (one, ...others) => others.some((other) => other === one)],
    ne: [2, 2, (one, other) => one !== other],
    print: [0, 20, (...values) => values.map(show).join('')],
    printf: [1, 20, (format, ...values) => formatText(show(format), values)],
  }).map(([name, [least, most, run]]) => [name, { arity: [least, most] as const, run }]),
);

/** Traefik's provider.Normalize: everything but letters and digits separates words, which dashes join. */
export function normalizeName(name: string): string {
  return name
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join('-');
}

/** Go's truth: zero, empty and nil are false. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isFields(value)) return value.fields.size > 0;
  return value !== undefined && value !== '' && value !== 0 && value !== false;
}

/** The value as Go prints it. */
export function show(value: Value): string {
  if (value === undefined) return '<no value>';
  if (isList(value)) return `[${value.join(' ')}]`;
  if (isFields(value))
    return `map[${[...value.fields].map(([key, item]) => `${key}:${show(item)}`).join(' ')}]`;
  return String(value);
}

/** Whether fields can be taken of the value. */
export function isFields(value: Value): value is Fields {
  return typeof value === 'object' && !Array.isArray(value);
}

function isList(value: Value): value is readonly string[] {
  return Array.isArray(value);
}

function indexOf(value: Value, key: Value): Value {
  if (isList(value)) {
    const item = value[Number(key)];
    if (item === undefined) throw new RangeError(`The list has no item ${show(key)}.`);
    return item;
  }
  // A map of texts gives its zero value, the empty text, for a key that it has not.
  if (isFields(value)) return value.fields.get(show(key)) ?? '';
  throw new TypeError('Only lists and maps have an index.');
}

function lengthOf(value: Value): number {
  if (isList(value)) return value.length;
  return isFields(value) ? value.fields.size : Buffer.byteLength(show(value));
}

function splitText(separator: string, text: string): string[] {
  return separator === '' ? [...text] : text.split(separator);
}

/** Sprig's `split` gives the parts as fields _0, _1 … */
function splitToFields(separator: string, text: string): Fields {
  return { fields: new Map(splitText(separator, text).map((part, at) => [`_${at}`, part])) };
}

function replaceAll(text: string, old: string, by: string): string {
  return old === '' ? text : text.split(old).join(by);
}

function cutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function cutSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

function trimStart(text: string, cut: string): string {
  let at = 0;
  while (at < text.length && cut.includes(text[at] ?? '')) at += 1;
  return text.slice(at);
}

function trimEnd(text: string, cut: string): string {
  let end = text.length;
  while (end > 0 && cut.includes(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}

/** A negative length keeps the end (sprig). */
function truncate(text: string, length: number): string {
  if (!Number.isInteger(length)) throw new TypeError('trunc takes an integer.');
  return length < 0 ? text.slice(length) : text.slice(0, length);
}

function formatText(format: string, values: readonly Value[]): string {
  let at = 0;
  return format.replaceAll(/%(.)/gu, (_, verb: string) => {
    if (verb === '%') return '%';
    const value = values[at++];
    if (verb === 'q') return JSON.stringify(show(value));
    if (verb === 's' || verb === 'v' || verb === 'd') return show(value);
    throw new TypeError(`printf knows %s, %d, %v and %q, not %${verb}.`);
  });
}
