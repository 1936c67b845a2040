// The page's search field. What is typed goes into the address shortly after the last key; `/` leads here.
import { useEffect, useRef, useState } from 'react';
import { replaceQuery } from '../navigation/use-route.ts';
import styles from './search-field.module.css';

// Long enough that one word costs one request, short enough to feel immediate.
const DEBOUNCE_MS = 150;

/** `value` is the query value `q` of the present place. */
export function SearchField({
  label,
  placeholder,
  value,
  isLarge = false,
}: {
  label: string;
  placeholder: string;
  value: string;
  isLarge?: boolean;
}) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(value);
  useEffect(() => {
    // A value that this field did not send came by a link or the back button.
    if (value !== sent.current) setTyped(value);
    sent.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      sent.current = text;
      replaceQuery({ q: text, page: '' });
    }, DEBOUNCE_MS);
  };
  return (
    <label className={`${styles.field} ${isLarge ? styles.large : ''}`}>
      <span className="visually-hidden">{label}</span>
      <svg className={styles.icon} viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="7" cy="7" r="4.5" />
        <path d="m10.5 10.5 4 4" />
      </svg>
      <input
        type="search"
        data-page-search=""
        placeholder={placeholder}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        aria-keyshortcuts="/"
        onChange={(event) => change(event.target.value)}
      />
    </label>
  );
}

/** Focuses the page's search field on `/`, unless somebody is typing. Returns the way to stop. */
export function focusSearchOnSlash(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.matches('input, select, textarea')) return;
    const field = document.querySelector<HTMLInputElement>('[data-page-search]');
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
