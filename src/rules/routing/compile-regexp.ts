// Compiles the regexps of rules with re2js: Go's RE2 syntax, so Traefik's regexps mean the same, in time linear in
// the input, so that a label cannot stall the gateway (ReDoS). Inputs are capped on top of that.
import { RE2JS } from 're2js';

/** Longest host that a regexp sees, in characters: the limit of a DNS name (RFC 1035 §2.3.4). */
export const maxHostLength = 255;

/** Longest path, header value or query value that a regexp sees, in characters: nginx's limit of a request line. */
export const maxRegexpInput = 8192;

/**
 * Largest compiled program, in instructions. Linear time is still time × size: `(.{0,50}a){20}` is 14 characters, 2,000
 * instructions, and 400 ms on an 8 KB path.
 */
const maxRegexpProgram = 2000;

/** Compiled regexps by their source. It belongs to one compilation of routers and is dropped with it. */
export type RegexpCache = Map<string, RE2JS>;

/** The regexp, or why there is none: one sentence. */
export type CompiledRegexp =
  | { readonly ok: true; readonly regexp: RE2JS }
  | { readonly ok: false; readonly message: string };

/** Compiles a regexp, or says in one sentence what is wrong with it. */
export function compileRegexp(source: string, cache: RegexpCache): CompiledRegexp {
  const known = cache.get(source);
  if (known) return { ok: true, regexp: known };
  try {
    const regexp = RE2JS.compile(source);
    if (regexp.programSize() > maxRegexpProgram) {
      return {
        ok: false,
        message: 'The regular expression is too large once its repetitions are written out.',
      };
    }
    cache.set(source, regexp);
    return { ok: true, regexp };
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return { ok: false, message: `The regular expression does not compile: ${reason}.` };
  }
}
