// Brand, pages with their counts, connection and theme. At the side on wide screens, on top on narrow ones.
import type { LiveState } from '../live/live-updates.ts';
import { useDiagnostics, useOverview, useVersion } from '../queries.ts';
import { Link } from './link.tsx';
import styles from './navigation-bar.module.css';
import { LevelIcon } from './status-badge.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

/** `section` is the first part of the present place. */
export function NavigationBar({
  section,
  connection,
}: {
  section: string;
  connection: LiveState['connection'];
}) {
  const { data: overview } = useOverview();
  const { data: diagnostics } = useDiagnostics();
  const { data: version } = useVersion();
  const { tcp, udp } = overview ?? {};
  const pages = [
    { path: '', text: 'Overview', count: undefined },
    { path: 'routers', text: 'HTTP routers', count: overview?.http.routers.total },
    { path: 'services', text: 'Services', count: overview?.http.services.total },
    { path: 'middlewares', text: 'Middlewares', count: overview?.http.middlewares.total },
    // Most gateways have none.
    ...(tcp !== undefined && tcp.routers.total + tcp.services.total > 0
      ? [{ path: 'tcp', text: 'TCP', count: tcp.routers.total }]
      : []),
    ...(udp !== undefined && udp.routers.total + udp.services.total > 0
      ? [{ path: 'udp', text: 'UDP', count: udp.routers.total }]
      : []),
    { path: 'diagnostics', text: 'Diagnostics', count: diagnostics?.length },
    { path: 'explain', text: 'Explain', count: undefined },
  ];
  return (
    <header className={styles.bar}>
      <Link to={['']} className={styles.brand}>
        <img src="./berth.svg" alt="" width="24" height="24" />
        Berth
      </Link>
      <nav aria-label="Main" className={styles.pages}>
        {pages.map(({ path, text, count }) => (
          <Link key={path} to={[path]} current={section === path} className={styles.page}>
            <span>{text}</span>
            {count === undefined ? null : <span className={styles.count}>{count.toLocaleString('en')}</span>}
          </Link>
        ))}
      </nav>
      <div className={styles.foot}>
        <Connection connection={connection} />
        <ThemeToggle />
        {version === undefined ? null : <p className={styles.version}>Berth {version.Version}</p>}
      </div>
    </header>
  );
}

function Connection({ connection }: { connection: LiveState['connection'] }) {
  return (
    <p className={styles.connection}>
      <LevelIcon level={CONNECTION_LEVELS[connection]} />
      {CONNECTION_WORDS[connection]}
    </p>
  );
}

const CONNECTION_LEVELS = { connecting: 'waiting', live: 'ok', reconnecting: 'warning' } as const;
const CONNECTION_WORDS = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' } as const;
