// Media types (RFC 9110 §8.3.1).

const form = /^\s*([!#$%&'*+\-.^_`|~\w]+\/[!#$%&'*+\-.^_`|~\w]+)\s*(?:;|$)/;

/** `type/subtype` in lower case, without parameters; undefined for what is no media type. */
export function mediaTypeOf(text: string): string | undefined {
  return form.exec(text)?.[1]?.toLowerCase();
}
