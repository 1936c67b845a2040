// Reads name:hash pairs, as options give them and as files of `htpasswd` hold them.

/** Hashes by name; of two lines of one name the last counts. Empty lines and comments are skipped. */
export function readUsers(lines: readonly string[]): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const line of lines) {
    const text = line.trim();
    const colon = text.indexOf(':');
    if (text.startsWith('#') || colon < 1) continue;
    users.set(text.slice(0, colon), text.slice(colon + 1));
  }
  return users;
}
