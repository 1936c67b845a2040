// The field kinds of which every configuration schema is made. A kind says how a label, a flag, a variable and a
// file spell the value, so that one schema serves them all. Pure: schemas are data.
import Type, { type TObject, type TProperties, type TSchema } from 'typebox';
import type { FieldInfo, FieldKind } from '../lib/field-tree.ts';

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

/** A text, taken as it is. */
export const text = (options: FieldOptions) => Type.String(annotate('text', options));
/** A switch. */
export const flag = (options: FieldOptions) => Type.Boolean(annotate('flag', options));
/** A whole number. */
export const integer = (options: FieldOptions) => Type.Integer(annotate('integer', options));
/** A length of time; decoded to milliseconds. */
export const duration = (options: FieldOptions) => Type.Number(annotate('duration', options));
/** A size in bytes. */
export const bytes = (options: FieldOptions) => Type.Integer(annotate('bytes', options));
/** Several texts. */
export const textList = (options: FieldOptions) => Type.Array(Type.String(), annotate('text-list', options));
/** Texts under names of the user's own. */
export const textMap = (options: FieldOptions) =>
  Type.Record(Type.String(), Type.String(), annotate('text-map', options));
/** Fields that belong together; nothing else may stand beside them. */
export const section = <P extends TProperties>(properties: P, options: FieldOptions): TObject<P> =>
  Type.Object(properties, { ...annotate('section', options), additionalProperties: false }) as TObject<P>;
/** Sections under names of the user's own. */
export const sectionMap = <S extends TSchema>(entry: S, options: FieldOptions) =>
  Type.Record(Type.String(), entry, annotate('section-map', options));
/** Sections in a row. */
export const sectionList = <S extends TSchema>(entry: S, options: FieldOptions) =>
  Type.Array(entry, annotate('section-list', options));
/** A text that is one of the given words. */
export const choice = <const W extends readonly string[]>(words: W, options: FieldOptions) =>
  Type.Unsafe<W[number]>(
    Type.String({ ...annotate('text', { ...options, oneOf: words }), enum: [...words] }),
  );
/** A field that may be absent; then its `default` applies. */
export const optional = Type.Optional;
/** A part of Traefik's configuration that Berth does not have yet: whoever sets it is told. */
export const notYet = (description: string, allowEmpty = false, notYetHint?: string) => {
  const hint = notYetHint === undefined ? {} : { notYetHint };
  return optional(
    Type.Unknown({ description, field: { kind: 'section', notYet: true, allowEmpty, ...hint } }),
  );
};
/** The same for what Traefik takes from files only. */
export const notYetInFiles = (description: string) =>
  optional(Type.Unknown({ description, field: { kind: 'section', notYet: true, only: 'files' } }));
