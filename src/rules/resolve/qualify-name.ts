// `name@provider`: how objects of different providers refer to each other. Traefik compares names exactly.

/** The provider of what the gateway itself offers in Traefik: `api@internal`, `ping@internal` … */
export const internalProvider = 'internal';

/** The qualified name; a name that already says its provider is kept. */
export function qualifyName(name: string, provider: string): string {
  return name.includes('@') ? name : `${name}@${provider}`;
}

/** The part behind the last @ of a qualified name. */
export function providerOf(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf('@') + 1);
}
