// The field kinds of which every configuration schema is made. A kind says how a label, a flag, a variable and a
// file spell the value, so that one schema serves them all. Pure: schemas are data.
import Type, { type TObject, type TProperties, type TSchema } from 'typebox';

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
  /** The allowed words of a text or text-list. */
  readonly oneOf?: readonly string[];
};

/** Options common to all builders: `description` is one full sentence, `default` is the value that applies when absent. */
export type FieldOptions = Omit<FieldInfo, 'kind'> & {
  readonly description: string;
  readonly default?: unknown;
};

function annotate(kind: FieldKind, { description, default: fallback, ...rest }: FieldOptions) {
  const info: FieldInfo = { kind, ...rest };
  return fallback === undefined
    ? { description, field: info }
    : { description, default: fallback, field: info };
}

/** The field information that a builder attached to a schema. */
export function fieldInfo(schema: TSchema): FieldInfo {
  const info = (schema as { field?: FieldInfo }).field;
  if (info === undefined) throw new TypeError('A schema was not made by the builders of model/fields.ts.');
  return info;
}

export const text = (options: FieldOptions) => Type.String(annotate('text', options));
export const flag = (options: FieldOptions) => Type.Boolean(annotate('flag', options));
export const integer = (options: FieldOptions) => Type.Integer(annotate('integer', options));
export const decimal = (options: FieldOptions) => Type.Number(annotate('number', options));
/** A length of time; decoded to milliseconds. */
export const duration = (options: FieldOptions) => Type.Number(annotate('duration', options));
export const bytes = (options: FieldOptions) => Type.Integer(annotate('bytes', options));
export const textList = (options: FieldOptions) => Type.Array(Type.String(), annotate('text-list', options));
export const textMap = (options: FieldOptions) =>
  Type.Record(Type.String(), Type.String(), annotate('text-map', options));
export const section = <P extends TProperties>(properties: P, options: FieldOptions): TObject<P> =>
  Type.Object(properties, { ...annotate('section', options), additionalProperties: false }) as TObject<P>;
export const sectionMap = <S extends TSchema>(entry: S, options: FieldOptions) =>
  Type.Record(Type.String(), entry, annotate('section-map', options));
export const sectionList = <S extends TSchema>(entry: S, options: FieldOptions) =>
  Type.Array(entry, annotate('section-list', options));
/** A text that is one of the given words. */
export const choice = <const W extends readonly string[]>(words: W, options: FieldOptions) =>
  Type.Unsafe<W[number]>(
    Type.String({ ...annotate('text', { ...options, oneOf: words }), enum: [...words] }),
  );
export const optional = Type.Optional;
