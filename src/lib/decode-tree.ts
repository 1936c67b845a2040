// Decodes structured configuration (YAML, TOML) by the same annotated schema and rules as flat configuration: Traefik
// turns every scalar of a file into text first, so `80` and `"80"` mean the same.
import { coerceValue, showValue } from './coerce-value.ts';
import {
  type Decoded,
  type DecodeFault,
  type DecodeOptions,
  type FaultSink,
  spellPath,
} from './decode-fault.ts';
import { type FieldNode, isLeaf } from './field-tree.ts';
import { parseHumanBool } from './go-bool.ts';
import { nearestName } from './nearest.ts';
import { suggestPath } from './suggest-path.ts';

/** Decodes parsed YAML or TOML. `path` is where the value stands in its file, for messages. */
export function decodeTree(
  value: unknown,
  root: FieldNode,
  path: readonly string[],
  options: DecodeOptions,
): Decoded {
  const faults: DecodeFault[] = [];
  const decode = createTreeDecoder(root, path.length, (fault) => faults.push(fault), options);
  return { value: decode(value, root, path, true) ?? {}, faults };
}

type DecodeNode = (value: unknown, node: FieldNode, path: readonly string[], sayNotYet: boolean) => unknown;

function createTreeDecoder(
  root: FieldNode,
  rootDepth: number,
  report: FaultSink,
  options: DecodeOptions,
): DecodeNode {
  return decode;

  function decode(value: unknown, node: FieldNode, path: readonly string[], sayNotYet: boolean): unknown {
    const notYet = sayNotYet && node.info.notYet === true;
    if (notYet) {
      const message = `Traefik has ${node.name}; Berth does not have it yet.`;
      fault('not-yet', 'warning', path, message, node.info.notYetHint);
    }
    if (node.info.deprecated !== undefined) {
      fault('deprecated', 'warning', path, `${node.name} is deprecated.`, node.info.deprecated);
    }
    if (node.opaque) return undefined;
    const below = sayNotYet && !notYet;
    if (isLeaf(node)) return decodeLeaf(value, node, path);
    if (node.info.kind === 'section-list') return decodeList(value, node, path, below);
    return isTable(value) ? decodeTable(value, node, path, below) : decodeBare(value, node, path);
  }

  function decodeTable(
    value: Readonly<Record<string, unknown>>,
    node: FieldNode,
    path: readonly string[],
    sayNotYet: boolean,
  ): unknown {
    const values = new Map<string, unknown>();
    for (const [key, item] of Object.entries(value)) {
      const here = [...path, key];
      if (node.info.kind === 'text-map') {
        const text = scalarText(item);
        if (text === undefined) fault('wrong-type', 'error', here, 'It has to be a text.');
        else values.set(key, text);
        continue;
      }
      const field = node.info.kind === 'section-map' ? node.entry : node.fields.get(key.toLowerCase());
      if (field === undefined) {
        unknownKey(node, here);
        continue;
      }
      const decoded = decode(item, field, here, sayNotYet);
      if (decoded !== undefined) values.set(field.name === '' ? key : field.name, decoded);
    }
    const given = new Set(Object.keys(value).map((key) => key.toLowerCase()));
    for (const name of node.required) {
      if (given.has(name.toLowerCase())) continue;
      fault('missing', 'error', path, `${name} is missing.`, `Set ${spellPath([...path, name], options)}.`);
    }
    return Object.fromEntries(values);
  }

  /** A section given as a scalar: `docker: true`, or `docker:` with nothing behind it. */
  function decodeBare(value: unknown, node: FieldNode, path: readonly string[]): unknown {
    const text = scalarText(value);
    if (node.info.allowEmpty === true && text !== undefined) {
      const switched = text === '' ? true : parseHumanBool(text);
      if (switched === true) return decodeTable({}, node, path, false);
      if (switched === false) return undefined;
    }
    if (value !== null && value !== undefined) {
      fault('wrong-type', 'error', path, `${path.at(-1) ?? 'The file'} takes options below it, not a value.`);
    }
    return undefined;
  }

  function decodeLeaf(value: unknown, node: FieldNode, path: readonly string[]): unknown {
    if (value === null || value === undefined) return undefined;
    if (Array.isArray(value) && node.info.kind === 'text-list') return decodeWords(value, node, path);
    const text = scalarText(value);
    if (text === undefined) {
      fault('wrong-type', 'error', path, `${node.name} takes ${expected(node)}.`);
      return undefined;
    }
    const coerced = coerceValue(text, node.info, options.mode);
    if (coerced.ok) return coerced.value;
    fault('wrong-type', 'error', path, coerced.message, coerced.hint);
    return undefined;
  }

  function decodeWords(items: readonly unknown[], node: FieldNode, path: readonly string[]): unknown {
    const words: string[] = [];
    for (const [index, item] of items.entries()) {
      const text = scalarText(item);
      const here = [...path.slice(0, -1), `${path.at(-1) ?? ''}[${index}]`];
      const known = node.info.oneOf?.find((word) => word.toLowerCase() === text?.toLowerCase());
      if (text === undefined) fault('wrong-type', 'error', here, 'It has to be a text.');
      else if (node.info.oneOf !== undefined && known === undefined) {
        const message = `${showValue(text, node.info)} is not a known value here.`;
        fault('wrong-type', 'error', here, message, `Write one of ${node.info.oneOf.join(', ')}.`);
      } else words.push(known ?? text);
    }
    return words;
  }

  function decodeList(value: unknown, node: FieldNode, path: readonly string[], sayNotYet: boolean): unknown {
    const { entry } = node;
    if (value === null || value === undefined || entry === undefined) return undefined;
    if (!Array.isArray(value)) {
      fault('wrong-type', 'error', path, `${node.name} takes a list.`);
      return undefined;
    }
    return value
      .map((item: unknown, index) =>
        decode(item, entry, [...path.slice(0, -1), `${path.at(-1) ?? ''}[${index}]`], sayNotYet),
      )
      .filter((item) => item !== undefined);
  }

  function unknownKey(node: FieldNode, path: readonly string[]): void {
    const key = path.at(-1) ?? '';
    const sibling = nearestName(
      key,
      [...node.fields.values()].map(({ name }) => name),
    );
    const near =
      sibling === undefined
        ? suggestPath(root, path.slice(rootDepth))?.path
        : [...path.slice(rootDepth, -1), sibling];
    const hint = near && `Did you mean ${spellPath([...path.slice(0, rootDepth), ...near], options)}?`;
    fault('unknown-key', 'error', path, `${JSON.stringify(key)} is not known here.`, hint, near);
  }

  function fault(
    code: DecodeFault['code'],
    severity: DecodeFault['severity'],
    path: readonly string[],
    message: string,
    hint?: string,
    suggestion?: readonly string[],
  ): void {
    const source = spellPath(path, options);
    report({
      code,
      severity,
      source,
      path,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The text of a scalar as it would stand in a label; null, an empty YAML value, is an empty text. */
function scalarText(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  return undefined;
}

function expected(node: FieldNode): string {
  return node.info.kind === 'text-list' ? 'a list of texts' : 'one value';
}
