// Chooses between the system's theme, light and dark.
import { useState } from 'react';
import { applyTheme, keptTheme, type Theme } from '../theme.ts';
import styles from './theme-toggle.module.css';

/** A small select, because three states do not fit one switch. */
export function ThemeToggle() {
  const [theme, setTheme] = useState(keptTheme);
  const choose = (value: string) => {
    const next = THEMES.find((one) => one === value) ?? 'system';
    applyTheme(next);
    setTheme(next);
  };
  return (
    <label className={styles.toggle}>
      <span className="visually-hidden">Theme</span>
      <select value={theme} onChange={(event) => choose(event.target.value)}>
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {WORDS[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

const THEMES = ['system', 'light', 'dark'] as const;
const WORDS = { system: 'System theme', light: 'Light', dark: 'Dark' } satisfies Record<Theme, string>;
