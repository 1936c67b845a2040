// Text as a JSON string that is safe to print on a terminal.
import { escapeLine } from './escape-line.ts';

/** With its quotation marks. Plain ASCII, as nearly all of it is, costs one look at each character. */
export function quoteText(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 126 || code === 34 || code === 92) return escapeLine(JSON.stringify(text));
  }
  return `"${text}"`;
}
