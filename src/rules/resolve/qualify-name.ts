// `name@provider`: how objects of different providers refer to each other. Traefik compares names exactly.

/** The qualified name; a name that already says its provider is kept. */
export function qualifyName(name: string, provider: string): string {
  return name.includes('@') ? name : `${name}@${provider}`;
}

/** The qualified names of a list as users write it, without empty items. */
export function qualifyNames(names: readonly string[] | undefined, provider: string): readonly string[] {
  return (names ?? []).filter((name) => name !== '').map((name) => qualifyName(name, provider));
}
