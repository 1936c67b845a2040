// customRequestHeaders and customResponseHeaders: fields to set, and with an empty value to remove.
import { removeField, removeFieldAndAliases, setField } from '../../../lib/header-fields.ts';
import type { Exchange, ResponseRewrite } from '../exchange.ts';

/** A field to set; an empty value removes it. */
export type FieldChange = { readonly name: string; readonly lower: string; readonly value: string };

/** Undefined when there is nothing to change. */
export function compileFieldChanges(
  map: Readonly<Record<string, string>> | undefined,
): readonly FieldChange[] | undefined {
  const changes = Object.entries(map ?? {}).map(([name, value]) => ({
    name,
    lower: name.toLowerCase(),
    value,
  }));
  return changes.length === 0 ? undefined : changes;
}

/** Applies them to the request. `Host` sets the host that goes upstream (Traefik). */
export function changeRequest(exchange: Exchange, changes: readonly FieldChange[]): void {
  for (let at = 0; at < changes.length; at++) {
    const change = changes[at];
    if (change === undefined) continue;
    const { name, lower, value } = change;
    if (lower === 'host') {
      if (value !== '') exchange.host = value;
      continue;
    }
    removeFieldAndAliases(exchange.fields, name);
    // An empty X-Forwarded-For stays as a mark that the client's address shall not be added (Traefik).
    if (value !== '' || lower === 'x-forwarded-for') exchange.fields.push(name, value);
  }
}

/** Applies them to the response. */
export function rewriteByChanges(changes: readonly FieldChange[]): ResponseRewrite {
  return (_exchange, { fields }) => {
    for (let at = 0; at < changes.length; at++) {
      const change = changes[at];
      if (change === undefined) continue;
      if (change.value === '') removeField(fields, change.lower);
      else setField(fields, change.name, change.value);
    }
  };
}
