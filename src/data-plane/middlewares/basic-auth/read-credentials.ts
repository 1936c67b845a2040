// Reads the Authorization field of the Basic scheme (RFC 7617 §2).

/** Name and password of a client. */
export type Credentials = { readonly user: string; readonly password: string };

/** Longer fields are no passwords; hashing them would cost more than they are worth. */
const maxLength = 4096;

/** Name and password, or undefined when the field is absent, of another scheme or malformed. */
export function readCredentials(field: string | undefined): Credentials | undefined {
  if (field === undefined || field.length > maxLength) return undefined;
  if (field.slice(0, 6).toLowerCase() !== 'basic ') return undefined;
  const decoded = Buffer.from(field.slice(6).trim(), 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0 || hasControl(decoded)) return undefined;
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** Names with control characters are refused by RFC 7617 §2, and must not reach a field or a log. */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
