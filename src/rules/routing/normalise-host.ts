// The one normaliser of host names: routing, TLS and the linter compare what comes out of here.
import { maxHostLength } from './compile-regexp.ts';

/**
 * The host of a Host field or :authority, in lower case, without port, without one final dot, IPv6 without brackets;
 * an empty field gives an empty string. Undefined means that the field is not a host and the request is to be
 * refused with 400: Node lets `a/b`, `a#b`, user information and bytes above 0x7f through, which other parsers
 * read as another host (RFC 9112 §3.2, request smuggling).
 */
export function normaliseHost(hostField: string): string | undefined {
  const length = hostField.length;
  if (length === 0) return '';
  // The longest host, a final dot, a colon and five digits.
  if (length > maxHostLength + 7) return undefined;
  if (hostField.charCodeAt(0) === 91 /* [ */) return normaliseIpv6(hostField);
  let hasUpper = false;
  let end = length;
  let previous = 46; /* . : a label cannot be empty, not even the first one */
  for (let at = 0; at < length; at++) {
    const code = hostField.charCodeAt(at);
    if (code === 58 /* : */) {
      if (!isPort(hostField, at + 1)) return undefined;
      end = at;
      break;
    }
    if (code >= 65 && code <= 90) hasUpper = true;
    else if (code === 46) {
      if (previous === 46) return undefined;
    } else if (!isNameCharacter(code)) return undefined;
    previous = code;
  }
  if (end > 0 && hostField.charCodeAt(end - 1) === 46) end--;
  if (end === 0 || end > maxHostLength) return undefined;
  const host = end === length ? hostField : hostField.slice(0, end);
  return hasUpper ? host.toLowerCase() : host;
}

/** Lower-case letters, digits, `-`, `_` and `~`: RFC 3986's unreserved, without the sub-delims that no DNS name has. */
function isNameCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45 || code === 95 || code === 126
  );
}

/** Digits to the end, at most 65535; a port may be empty (RFC 3986 §3.2.3). */
function isPort(text: string, from: number): boolean {
  if (text.length - from > 5) return false;
  let port = 0;
  for (let at = from; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return false;
    port = port * 10 + digit;
  }
  return port <= 65535;
}

function normaliseIpv6(hostField: string): string | undefined {
  const close = hostField.indexOf(']');
  if (close < 0 || !URL.canParse(`http://${hostField.slice(0, close + 1)}/`)) return undefined;
  const afterClose = close + 1;
  if (afterClose < hostField.length) {
    if (hostField.charCodeAt(afterClose) !== 58 || !isPort(hostField, afterClose + 1)) return undefined;
  }
  return hostField.slice(1, close).toLowerCase();
}
