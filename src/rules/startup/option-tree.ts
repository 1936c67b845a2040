// Looks options up in the start-up schema: by flag or variable path, and all of them for --help. Pure.
import { type AnnotatedSchema, type FieldInfo, type FieldNode, toFieldTree } from '../../lib/field-tree.ts';
import { startupConfigSchema } from '../../model/startup-config.ts';

/** One option as --help shows it. */
export type Option = {
  /** As Traefik's reference spells it, user-chosen names as `<name>`. */
  readonly path: string;
  readonly info: FieldInfo;
  readonly description: string;
  readonly default: unknown;
};

/** The start-up schema, ready for decoding. */
export const startupFields: FieldNode = toFieldTree(startupConfigSchema as AnnotatedSchema);

/** Every option that can be set, in the schema's order: leaves, and sections that a bare `true` switches on. */
export function listOptions(): readonly Option[] {
  const options: Option[] = [];
  for (const field of startupFields.fields.values()) collect(field, [field.name], options);
  return options;
}

/** What the option at `path` (any case) is made of; undefined if there is none. */
export function findOption(path: readonly string[]): FieldInfo | undefined {
  let node: FieldNode | undefined = startupFields;
  for (const segment of path) {
    if (node.info.kind === 'text-map') return { kind: 'text' };
    node = node.fields.get(segment.toLowerCase()) ?? node.entry;
    if (node === undefined) return undefined;
  }
  return node.info;
}

function collect(node: FieldNode, path: readonly string[], into: Option[]): void {
  const { kind, allowEmpty, notYet } = node.info;
  const settable = kind !== 'section' && kind !== 'section-map';
  if (settable || allowEmpty === true || notYet === true) {
    into.push({
      path: path.join('.'),
      info: node.info,
      description: node.description,
      default: node.fallback,
    });
  }
  for (const field of node.fields.values()) collect(field, [...path, field.name], into);
  if (kind === 'section-map' && node.entry !== undefined) collect(node.entry, [...path, '<name>'], into);
}
