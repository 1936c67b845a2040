// The field tree: an annotated schema made ready for decoding, with case-insensitive look-up. Made once per schema.

type FieldKind =
  | 'text'
  | 'flag'
  | 'integer'
  | 'number'
  | 'duration'
  | 'bytes'
  | 'text-list'
  | 'text-map'
  | 'section'
  | 'section-map'
  | 'section-list';

/** What a schema says of a field's spelling, under its key `field`. */
export type FieldAnnotation = {
  readonly kind: FieldKind;
  readonly allowEmpty?: boolean;
  readonly secret?: boolean;
  readonly deprecated?: string;
  readonly notYet?: boolean;
  readonly oneOf?: readonly string[];
};

/** JSON Schema as far as decoding needs it; each part carries its annotation under `field`. */
export type AnnotatedSchema = {
  readonly field?: FieldAnnotation | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown | undefined;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly patternProperties?: Readonly<Record<string, unknown>> | undefined;
  readonly items?: unknown | undefined;
};

export type FieldNode = {
  /** Canonical spelling; empty for the root and for the entries of maps and lists. */
  readonly name: string;
  readonly info: FieldAnnotation;
  readonly description: string;
  readonly fallback: unknown;
  /** A section's fields by lower-case name. */
  readonly fields: ReadonlyMap<string, FieldNode>;
  readonly required: readonly string[];
  /** The entry of a section-map or section-list. */
  readonly entry?: FieldNode;
  /** A section of which only the name is known: all below it is accepted unread. */
  readonly opaque: boolean;
};

/** Makes the field tree of a schema. Throws TypeError for a schema without annotations, which is a fault of the program. */
export function toFieldTree(schema: AnnotatedSchema, name = ''): FieldNode {
  const info = schema.field;
  if (info === undefined) throw new TypeError(`The schema of "${name}" has no annotation \`field\`.`);
  const fields = new Map<string, FieldNode>();
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    fields.set(key.toLowerCase(), toFieldTree(property as AnnotatedSchema, key));
  }
  const entrySchema =
    info.kind === 'section-map'
      ? Object.values(schema.patternProperties ?? {})[0]
      : info.kind === 'section-list'
        ? schema.items
        : undefined;
  return {
    name,
    info,
    description: schema.description ?? '',
    fallback: schema.default,
    fields,
    required: schema.required ?? [],
    ...(entrySchema === undefined ? {} : { entry: toFieldTree(entrySchema as AnnotatedSchema) }),
    opaque: info.kind === 'section' && schema.properties === undefined,
  };
}

/** Whether values stand right at the field, rather than at fields below it. */
export function isLeaf(node: FieldNode): boolean {
  const { kind } = node.info;
  return kind !== 'section' && kind !== 'section-map' && kind !== 'section-list' && kind !== 'text-map';
}
