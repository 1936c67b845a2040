// The `{name:regexp}` templates of Traefik v2, which come from gorilla/mux, as regexps of v3.

const defaultPatterns = { host: '[^.]+', path: '[^/]+', prefix: '[^/]+', query: '.*' } as const;

/** Where a template is used: it fixes what `{name}` matches and whether the end is anchored. */
export type TemplateUse = keyof typeof defaultPatterns;

/** Whether the text holds a template at all; without one it is compared literally. */
export function isTemplate(text: string): boolean {
  return text.includes('{') || text.includes('}');
}

/** The anchored regexp of a template, or undefined when braces are unbalanced or a name or pattern is empty. */
export function templateToRegexp(template: string, use: TemplateUse): string | undefined {
  // Host names are compared in lower case, patterns may not be: gorilla/mux adds the same flag.
  let regexp = use === 'host' ? '(?i)^' : '^';
  let depth = 0;
  let literalFrom = 0;
  let open = 0;
  for (let at = 0; at < template.length; at++) {
    if (template[at] === '{') {
      depth++;
      if (depth > 1) continue;
      regexp += quoteRegexp(template.slice(literalFrom, at));
      open = at;
    } else if (template[at] === '}') {
      depth--;
      if (depth < 0) return undefined;
      if (depth > 0) continue;
      const inside = template.slice(open + 1, at);
      const colon = inside.indexOf(':');
      const name = colon < 0 ? inside : inside.slice(0, colon);
      const pattern = colon < 0 ? undefined : inside.slice(colon + 1);
      if (name === '' || pattern === '') return undefined;
      regexp += `(${pattern ?? defaultPatterns[use]})`;
      literalFrom = at + 1;
    }
  }
  if (depth !== 0) return undefined;
  return regexp + quoteRegexp(template.slice(literalFrom)) + (use === 'prefix' ? '' : '$');
}

function quoteRegexp(literal: string): string {
  return literal.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
