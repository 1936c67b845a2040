// Light, dark, or as the system says. The choice is kept in this browser only.

/** `system` follows prefers-color-scheme. */
export type Theme = 'system' | 'light' | 'dark';

const STORAGE_KEY = 'berth-theme';

/** The kept choice; `system` where there is none or storage is not allowed. */
export function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem(STORAGE_KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

/** Shows the page in this theme and keeps the choice. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
