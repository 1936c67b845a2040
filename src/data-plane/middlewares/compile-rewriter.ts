// Replacing by regexps of labels (Go's regexp.ReplaceAllString). Whether there is a match says the bounded automaton of
// rules/routing, and texts without one cost nothing more. What the groups have matched only re2js can say, in time that
// grows with program and text, so that is bounded here (docs/decisions/0015-regexps-with-groups.md).
import { type Matcher, RE2JS } from 're2js';
import { parseTemplate, type TemplatePart } from '../../lib/expand-template.ts';
import { GatewayError } from '../../model/errors.ts';
import { compileRegexp, type RegexpTest } from '../../rules/routing/compile-regexp.ts';

/** A regexp that has been checked when the configuration was resolved. */
export type Finder = {
  readonly test: RegexpTest;
  readonly regexp: RE2JS;
};

/**
 * Most that finding may take for one request, in instructions × characters: about 20 ms. What people write has ten to
 * thirty instructions, so a path may have all of its 8 KiB; beyond that the answer is 414, never a request unchanged.
 */
const maxSteps = 400_000;

/**
 * Compiles on first use: a container may declare hundreds of middlewares, and those that nobody's request meets must not
 * hold the worker.
 */
export function lazyFinder(source: string): () => Finder {
  let finder: Finder | undefined;
  return () => {
    finder ??= compileFinder(source);
    return finder;
  };
}

function compileFinder(source: string): Finder {
  const compiled = compileRegexp(source);
  if (!compiled.ok)
    throw new Error(`A middleware with an unchecked regexp was compiled: ${compiled.message}`);
  return { test: compiled.test, regexp: RE2JS.compile(source) };
}

/** What the regexp matches first in the text; undefined for nothing. @throws GatewayError when that could take too long. */
export function findFirst({ test, regexp }: Finder, text: string): string | undefined {
  if (!test(text)) return undefined;
  charge(regexp.programSize() * text.length);
  const matcher = regexp.matcher(text);
  return matcher.find() ? (matcher.group(0) ?? undefined) : undefined;
}

/** Undefined where nothing matches. @throws GatewayError when replacing could take too long. */
export type Rewriter = (text: string) => string | undefined;

/** Replaces all matches. `escapeLiteral` is applied once, to what the template says itself. */
export function compileRewriter(
  source: string,
  template: string,
  escapeLiteral: (literal: string) => string = (literal) => literal,
): Rewriter {
  const find = lazyFinder(source);
  let parts: readonly TemplatePart[] | undefined;
  return (text) => {
    const finder = find();
    if (!finder.test(text)) return undefined;
    parts ??= toParts(finder.regexp, template, escapeLiteral);
    return replaceAll(finder.regexp, parts, text);
  };
}

function toParts(
  regexp: RE2JS,
  template: string,
  escapeLiteral: (literal: string) => string,
): readonly TemplatePart[] {
  const names = regexp.namedGroups();
  const groupOf = (name: string) => (Object.hasOwn(names, name) ? names[name] : undefined);
  return parseTemplate(template, regexp.groupCount(), groupOf).map((part) =>
    'literal' in part ? { literal: escapeLiteral(part.literal) } : part,
  );
}

function replaceAll(regexp: RE2JS, parts: readonly TemplatePart[], text: string): string {
  const size = regexp.programSize();
  const matcher = regexp.matcher(text);
  let replaced = '';
  let copied = 0;
  let steps = 0;
  for (;;) {
    // A search may read to the end of the text, whatever it finds.
    steps += size * (text.length - copied);
    charge(steps);
    if (!matcher.find()) break;
    const [start, end] = [matcher.start(), matcher.end()];
    replaced += text.slice(copied, start);
    // Go replaces an empty match only where no other match ends.
    if (end > copied || start === 0) replaced += expand(parts, matcher);
    copied = end;
  }
  return replaced + text.slice(copied);
}

function expand(parts: readonly TemplatePart[], matcher: Matcher): string {
  let text = '';
  for (const part of parts) text += 'literal' in part ? part.literal : (matcher.group(part.group) ?? '');
  return text;
}

function charge(steps: number): void {
  if (steps > maxSteps) throw new GatewayError('target-too-long');
}
