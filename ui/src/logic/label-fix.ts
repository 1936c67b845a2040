// Pure: cuts a label at the fault for marking, and finds the label as it should read.
import type { Diagnostic } from '../../../src/model/view.ts';

/** A text in three parts: `fault` is what to mark; it is empty where the fault is the end of the text. */
export type MarkedText = { readonly before: string; readonly fault: string; readonly after: string };

/** Marks the word or sign at `position` (0-based) in `text`. */
export function markAt(text: string, position: number): MarkedText {
  const start = Math.max(0, Math.min(position, text.length));
  const word = /^[\w.@-]+/.exec(text.slice(start))?.[0];
  const end = start + (word?.length ?? Math.min(1, text.length - start));
  return { before: text.slice(0, start), fault: text.slice(start, end), after: text.slice(end) };
}

/** Marks the fault in a whole `key=value` label, whose `position` counts from the start of the value. */
export function markLabel(label: string, position: number | undefined): MarkedText {
  const equals = label.indexOf('=');
  if (position === undefined || equals < 0) return { before: label, fault: '', after: '' };
  return markAt(label, equals + 1 + position);
}

/** The label to paste instead: the gateway's own answer, else what "Did you mean …?" plainly leads to. */
export function fixOf(diagnostic: Diagnostic): string | undefined {
  if (diagnostic.fix !== undefined) return diagnostic.fix;
  const { label, hint, position, code } = diagnostic;
  const meant = /^Did you mean [`"']?([^`"'?\s]+)[`"']?\?/.exec(hint ?? '')?.[1];
  if (!label || !meant) return undefined;
  const equals = label.indexOf('=');
  if (code === 'unknown-key' || code === 'wrong-root') {
    // A bare word names one part of the key, and which part is a guess: only a whole key is offered.
    if (!meant.includes('.')) return undefined;
    return equals < 0 || meant.includes('=') ? meant : meant + label.slice(equals);
  }
  if (code === 'rule-syntax' && position !== undefined && equals >= 0) {
    const { before, fault, after } = markLabel(label, position);
    return /^\w+$/.test(fault) ? before + meant + after : undefined;
  }
  if (code === 'unknown-reference') return withReference(label, diagnostic.message, meant);
  return undefined;
}

/** Replaces the wrong name in a label that holds its option whole; lists of middlewares come name by name. */
function withReference(label: string, message: string, meant: string): string | undefined {
  const [, key, value] = /^(.+\.(?:service|entrypoints)=)(.+)$/is.exec(label) ?? [];
  if (key === undefined || value === undefined) return undefined;
  const names = value.split(',');
  const wrong = names.filter((name) => mentions(message, name));
  if (wrong.length !== 1) return undefined;
  // What was written without its provider stays so.
  const right = wrong[0]?.includes('@') ? meant : meant.replace(/@[^@]*$/, '');
  return key + names.map((name) => (name === wrong[0] ? right : name)).join(',');
}

/** Whether a sentence speaks of this very name, with or without its provider. */
export function mentions(sentence: string, name: string): boolean {
  const words = sentence.split(/[\s"“”]+/).map((word) => word.replace(/[.:,;]$/, ''));
  return words.some((word) => word === name || word.startsWith(`${name}@`));
}
