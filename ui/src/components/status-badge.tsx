// A condition by shape, word and colour together, so that no reader depends on colour alone.
import type { Diagnostic, ReplicaView, Status } from '../../../src/model/view.ts';
import { conditionOf, type ReplicaCondition } from '../logic/readiness.ts';
import styles from './status-badge.module.css';

/** How good or bad something is. */
export type Level = 'ok' | 'info' | 'warning' | 'error' | 'waiting' | 'idle';

/** A shape and a word. */
export function StatusBadge({ level, children }: { level: Level; children: string }) {
  return (
    <span className={`${styles.badge} ${styles[level]}`}>
      <LevelIcon level={level} />
      {children}
    </span>
  );
}

/** The shape alone, for places where the words stand beside it. */
export function LevelIcon({ level }: { level: Level }) {
  return (
    <svg className={`${styles.icon} ${styles[level]}`} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[level]}
    </svg>
  );
}

/** `enabled`, `warning` or `disabled`, as Traefik says it. */
export function ObjectStatus({ status }: { status: Status }) {
  return <StatusBadge level={STATUS_LEVELS[status]}>{STATUS_WORDS[status]}</StatusBadge>;
}

/** What a replica is doing. */
export function ReplicaStatus({ replica }: { replica: ReplicaView }) {
  const condition = conditionOf(replica);
  return <StatusBadge level={CONDITION_LEVELS[condition]}>{CONDITION_WORDS[condition]}</StatusBadge>;
}

/** How grave a diagnostic is. */
export function SeverityBadge({ severity }: { severity: Diagnostic['severity'] }) {
  return <StatusBadge level={severity}>{SEVERITY_WORDS[severity]}</StatusBadge>;
}

const STATUS_LEVELS = { enabled: 'ok', warning: 'warning', disabled: 'error' } satisfies Record<
  Status,
  Level
>;
const STATUS_WORDS = { enabled: 'Enabled', warning: 'Warning', disabled: 'Disabled' } satisfies Record<
  Status,
  string
>;
const SEVERITY_WORDS = { error: 'Error', warning: 'Warning', info: 'Note' } satisfies Record<
  Diagnostic['severity'],
  string
>;

const CONDITION_LEVELS = {
  ready: 'ok',
  starting: 'waiting',
  checking: 'waiting',
  'failing check': 'error',
  unhealthy: 'error',
  paused: 'idle',
  stopping: 'idle',
  stopped: 'idle',
} satisfies Record<ReplicaCondition, Level>;
const CONDITION_WORDS = {
  ready: 'Ready',
  starting: 'Starting',
  checking: 'Checking',
  'failing check': 'Check fails',
  unhealthy: 'Unhealthy',
  paused: 'Paused',
  stopping: 'Stopping',
  stopped: 'Stopped',
} satisfies Record<ReplicaCondition, string>;

// Disc with tick, disc with i, triangle, octagon with cross, half-filled ring, ring with a bar.
const SHAPES = {
  ok: (
    <>
      <circle className={styles.fill} cx="8" cy="8" r="7" />
      <path className={styles.cut} d="M4.8 8.3 7 10.5l4.3-4.7" />
    </>
  ),
  info: (
    <>
      <circle className={styles.fill} cx="8" cy="8" r="7" />
      <path className={styles.cut} d="M8 7.3v4M8 4.6v.4" />
    </>
  ),
  warning: (
    <>
      <path className={styles.fill} d="M8 1.2 15.4 14a.8.8 0 0 1-.7 1.2H1.3A.8.8 0 0 1 .6 14z" />
      <path className={styles.cut} d="M8 6v4M8 12.3v.3" />
    </>
  ),
  error: (
    <>
      <path className={styles.fill} d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />
      <path className={styles.cut} d="m5.5 5.5 5 5m0-5-5 5" />
    </>
  ),
  waiting: (
    <>
      <circle className={styles.ring} cx="8" cy="8" r="6" />
      <path className={styles.fill} d="M8 2a6 6 0 0 1 0 12z" />
    </>
  ),
  idle: (
    <>
      <circle className={styles.ring} cx="8" cy="8" r="6" />
      <path className={styles.line} d="M5 8h6" />
    </>
  ),
} satisfies Record<Level, React.ReactNode>;
