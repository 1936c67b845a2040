// The field tree: an annotated schema made ready for decoding, with case-insensitive look-up. Made once per schema.

/** How a field is spelt by labels, flags, variables and files (Traefik's label grammar, docs "Label Format"). */
export type FieldKind =
  | 'text'
  | 'flag' // Go's strconv.ParseBool: 1 t T TRUE true True 0 f F FALSE false False
  | 'integer'
  | 'number'
  | 'duration' // integer seconds or a Go duration ("1m30s"); the decoded value is in milliseconds
  | 'bytes' // integer bytes
  | 'text-list' // comma-separated
  | 'text-map' // the rest of the key, dots included, is the map's key
  | 'section'
  | 'section-map' // one section for each user-chosen name
  | 'section-list'; // indexed with [0], [1] …

/** How options are written: flat and close to what they concern, or in a file of their own. */
export type Audience = 'labels' | 'files';

/** What a field says of itself beyond JSON Schema. It stands under the key `field` of the schema. */
export type FieldInfo = {
  readonly kind: FieldKind;
  /** A section that is switched on by the bare value `true` or by an empty value ("allowEmpty" in Traefik). */
  readonly allowEmpty?: boolean;
  /** Never shown, logged or sent anywhere as it is. */
  readonly secret?: boolean;
  /** What to use instead. The field is read, and gives a warning. */
  readonly deprecated?: string;
  /** Traefik has this option and Berth has not yet: it is read, and gives a warning that names it. */
  readonly notYet?: boolean;
  /** What happens meanwhile, where `notYet`. */
  readonly notYetHint?: string;
  /** Only those who write in that way have it; to all others it is not known. */
  readonly only?: Audience;
  /** The allowed words of a text or text-list. */
  readonly oneOf?: readonly string[];
};

/** JSON Schema as far as decoding needs it; each part carries its annotation under `field`. */
export type AnnotatedSchema = {
  readonly field?: FieldInfo | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown | undefined;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly patternProperties?: Readonly<Record<string, unknown>> | undefined;
  readonly items?: unknown | undefined;
};

/** One field, section or entry of the tree. */
export type FieldNode = {
  /** Canonical spelling; empty for the root and for the entries of maps and lists. */
  readonly name: string;
  readonly info: FieldInfo;
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

/**
 * Makes the field tree of a schema, with `audience` only of the fields that it has. Throws TypeError for a schema without
 * annotations, which is a fault of the program.
 */
export function toFieldTree(schema: AnnotatedSchema, audience?: Audience, name = ''): FieldNode {
  const info = schema.field;
  if (info === undefined) throw new TypeError(`The schema of "${name}" has no annotation \`field\`.`);
  const fields = new Map<string, FieldNode>();
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const field = property as AnnotatedSchema;
    if (audience !== undefined && (field.field?.only ?? audience) !== audience) continue;
    fields.set(key.toLowerCase(), toFieldTree(field, audience, key));
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
    ...(entrySchema === undefined ? {} : { entry: toFieldTree(entrySchema as AnnotatedSchema, audience) }),
    opaque: info.kind === 'section' && schema.properties === undefined,
  };
}

/** Whether values stand right at the field, rather than at fields below it. */
export function isLeaf(node: FieldNode): boolean {
  const { kind } = node.info;
  return kind !== 'section' && kind !== 'section-map' && kind !== 'section-list' && kind !== 'text-map';
}
