// The frame around every page: skip link, navigation, connection, theme; and the table from place to page.
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import styles from './app.module.css';
import { NavigationBar } from './components/navigation-bar.tsx';
import { Empty, Page } from './components/page.tsx';
import { focusSearchOnSlash } from './components/search-field.tsx';
import type { LiveUpdates } from './live/live-updates.ts';
import { useRoute } from './navigation/use-route.ts';
import { DiagnosticsPage } from './pages/diagnostics-page.tsx';
import { ExplainPage } from './pages/explain-page.tsx';
import { MiddlewarePage } from './pages/middleware-page.tsx';
import { MiddlewaresPage } from './pages/middlewares-page.tsx';
import { OverviewPage } from './pages/overview-page.tsx';
import { RouterPage } from './pages/router-page.tsx';
import { RoutersPage } from './pages/routers-page.tsx';
import { ServicePage } from './pages/service-page.tsx';
import { ServicesPage } from './pages/services-page.tsx';
import { TcpPage } from './pages/tcp-page.tsx';
import { UdpPage } from './pages/udp-page.tsx';

/** The whole dashboard. */
export function App({ live }: { live: LiveUpdates }) {
  const { path } = useRoute();
  const { connection, announcement } = useSyncExternalStore(live.subscribe, live.state);
  const main = useRef<HTMLElement>(null);
  const place = path.join('/');
  useFocusAfterNavigation(place);
  useEffect(focusSearchOnSlash, []);
  return (
    <>
      {/* A button, because the hash is the address of the page and a link would change it. */}
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <div className={styles.frame}>
        <NavigationBar section={path[0] ?? ''} connection={connection} />
        <main ref={main} id="main" tabIndex={-1} className={styles.main}>
          {connection === 'reconnecting' ? (
            <p className={styles.banner}>
              <span className={styles.pulse} aria-hidden="true" />
              Reconnecting… The gateway does not answer; what you see is the last that it said.
            </p>
          ) : null}
          <PageOf key={place} path={path} />
        </main>
      </div>
      <div role="status" aria-live="polite" className="visually-hidden">
        {connection === 'reconnecting' ? 'Connection lost. Reconnecting.' : announcement}
      </div>
    </>
  );
}

function PageOf({ path }: { path: readonly string[] }): ReactNode {
  const [section = '', name] = path;
  switch (section) {
    case '':
      return <OverviewPage />;
    case 'routers':
      return name ? <RouterPage name={name} /> : <RoutersPage />;
    case 'services':
      return name ? <ServicePage name={name} /> : <ServicesPage />;
    case 'middlewares':
      return name ? <MiddlewarePage name={name} /> : <MiddlewaresPage />;
    case 'tcp':
      return <TcpPage />;
    case 'udp':
      return <UdpPage />;
    case 'diagnostics':
      return <DiagnosticsPage />;
    case 'explain':
      return <ExplainPage />;
    default:
      return (
        <Page title="Not found">
          <Empty>
            There is no page at this address. <a href="#/">Go to the overview.</a>
          </Empty>
        </Page>
      );
  }
}

/** Readers start at the new page's heading; on first load the browser's own start is right. */
function useFocusAfterNavigation(place: string): void {
  const last = useRef(place);
  useEffect(() => {
    if (last.current === place) return;
    last.current = place;
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [place]);
}
