// Takes secrets out of configuration before it is shown. Which fields are secret stands in the schema, so a new option
// is protected from where it is declared. Names of header fields stay, so that one can see which are set.
import type { TProperties, TSchema } from 'typebox';
import { fieldInfo } from '../../model/fields.ts';

/** Stands where a secret was. */
export const redacted = '<redacted>';

/** A copy of `value`, which `schema` describes, without its secrets. Fields that the schema does not know are left out. */
export function redact(schema: TSchema, value: unknown): unknown {
  const { kind, secret } = fieldInfo(schema);
  if (secret === true) return hide(value);
  if (kind !== 'section' || typeof value !== 'object' || value === null) return value;
  const { properties = {} } = schema as { properties?: TProperties };
  const shown = Object.entries(value).flatMap(([key, part]) => {
    const field = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return field === undefined || part === undefined ? [] : [[key, redact(field, part)] as const];
  });
  return Object.fromEntries(shown);
}

function hide(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(() => redacted);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.keys(value).map((key) => [key, redacted]));
  }
  return redacted;
}
