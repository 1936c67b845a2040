// How long something has been so, in the coarsest unit that still tells something; the exact time on hover.
import { useSyncExternalStore } from 'react';
import styles from './since.module.css';

const TICK_MS = 1000;

/** `at` is ISO 8601. Shows "12 s", "4 min", "3 h", "6 d". */
export function Since({ at }: { at: string }) {
  // The snapshot is the shown text itself, so that a tick renders again only when the text changes.
  const text = useSyncExternalStore(everySecond, () => toAge(Date.now() - Date.parse(at)));
  return (
    <time className={styles.since} dateTime={at} title={new Date(at).toLocaleString()}>
      {text}
    </time>
  );
}

/** An age in words; "now" below one second and for clocks that differ. */
export function toAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function everySecond(onTick: () => void): () => void {
  const timer = setInterval(onTick, TICK_MS);
  return () => clearInterval(timer);
}
