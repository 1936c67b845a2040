// Copies a text. The clipboard API needs a secure page, which a gateway on plain HTTP is not, so there is a second way.
import { useState } from 'react';

/** `what` completes the button's name: "Copy <what>". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [result, setResult] = useState<'none' | 'copied' | 'failed'>('none');
  const copy = async () => {
    setResult((await toClipboard(text)) ? 'copied' : 'failed');
    setTimeout(() => setResult('none'), 2000);
  };
  return (
    <button type="button" onClick={() => void copy()} aria-label={`Copy ${what}`}>
      <span aria-live="polite">{WORDS[result]}</span>
    </button>
  );
}

const WORDS = { none: 'Copy', copied: 'Copied', failed: 'Not allowed' };

async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
