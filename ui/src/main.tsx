// The dashboard's composition root: caches, the live stream, the page.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createLiveUpdates } from './live/live-updates.ts';
import './styles/base.css';
import { applyTheme, keptTheme } from './theme.ts';

applyTheme(keptTheme());

const client = new QueryClient({
  defaultOptions: {
    // Events say when data has changed; asking again by time or focus would only add load. A failed request is
    // asked again when the stream is back, or by hand.
    queries: { staleTime: Number.POSITIVE_INFINITY, retry: false, refetchOnWindowFocus: false },
  },
});
const live = createLiveUpdates(client);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App live={live} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
