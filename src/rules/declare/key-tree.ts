// Keys of a store → the tree that a file would hold: `http/routers/app/rule` is the option `rule` of the router `app`. The field
// tree tells where numbers are entries of a list. Source: Traefik v3.7 "KV", and paerser's kv decoder.
import { type FieldNode, isLeaf } from '../../lib/field-tree.ts';

/** One key, without the root, and its value. */
export type KeyPair = readonly [path: string, value: string];

type Draft = { value?: string; readonly children: Map<string, Draft> };

/** Plain values as `decodeTree` takes them. What the fields do not know stays as it is, for the decoder to tell of. */
export function toKeyTree(pairs: Iterable<KeyPair>, fields: FieldNode): unknown {
  const root: Draft = { children: new Map() };
  for (const [path, value] of pairs) {
    let draft = root;
    for (const part of path.split('/').filter((word) => word !== '')) {
      const child = draft.children.get(part) ?? { children: new Map() };
      draft.children.set(part, child);
      draft = child;
    }
    draft.value = value;
  }
  return finish(root, fields) ?? {};
}

function finish({ value, children }: Draft, node: FieldNode | undefined): unknown {
  // As for labels, what stands below a key makes its own value overlooked.
  if (children.size === 0) return value;
  if (node?.info.kind === 'text-map') return Object.fromEntries(flatten(children));
  if (node?.info.kind === 'section-list' || (node !== undefined && isLeaf(node))) {
    return [...children]
      .sort(([one], [other]) => Number(one) - Number(other))
      .map(([, child]) => finish(child, node.entry));
  }
  return Object.fromEntries(
    [...children].map(([name, child]) => [name, finish(child, fieldOf(node, name))] as const),
  );
}

function fieldOf(node: FieldNode | undefined, name: string): FieldNode | undefined {
  return node?.info.kind === 'section-map' ? node.entry : node?.fields.get(name.toLowerCase());
}

/** A key of a map of texts may hold slashes. */
function* flatten(children: ReadonlyMap<string, Draft>, prefix = ''): Generator<[string, string]> {
  for (const [name, { value, children: below }] of children) {
    if (value !== undefined) yield [`${prefix}${name}`, value];
    yield* flatten(below, `${prefix}${name}/`);
  }
}

/** How users of a store write the path of an option. */
export function spellKey(root: string, path: readonly string[]): string {
  return [root, ...path].join('/').replace(/\[(\d+)\]/g, '/$1');
}
