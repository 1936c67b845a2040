// Figures that are read at a glance.
import type { ReactNode } from 'react';
import { Link } from './link.tsx';
import { type Level, LevelIcon } from './status-badge.tsx';
import styles from './tiles.module.css';

/** A row of tiles, as many beside each other as fit. */
export function Tiles({ children }: { children: ReactNode }) {
  return <dl className={styles.tiles}>{children}</dl>;
}

/** One figure. `to` makes its name a link. `level` adds the shape; `note` a second line. */
export function Tile({
  name,
  value,
  note,
  level,
  to,
}: {
  name: string;
  value: string;
  note?: string;
  level?: Level;
  to?: readonly string[];
}) {
  return (
    <div className={styles.tile}>
      <dt>{to ? <Link to={to}>{name}</Link> : name}</dt>
      <dd>
        <span className={styles.value}>
          {value}
          {level === undefined ? null : <LevelIcon level={level} />}
        </span>
        {note === undefined ? null : <span className={styles.note}>{note}</span>}
      </dd>
    </div>
  );
}
