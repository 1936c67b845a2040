// Whether the host ports of compose.yaml are free, said before anything is started.
import { createServer } from 'node:net';
import { Stop } from './say.mjs';

/** The ports of compose.yaml with the variables that move them. */
const published = [
  { variable: 'BERTH_HTTP_PORT', usual: 80, other: 8000, use: 'the gateway' },
  { variable: 'BERTH_HTTPS_PORT', usual: 443, other: 8443, use: 'the gateway with TLS' },
  { variable: 'BERTH_DASHBOARD_PORT', usual: 8080, other: 8001, use: 'dashboard and API' },
];

/** Throws a Stop that names each port which somebody else holds, and the command that goes round them. */
export async function ensureFreePorts() {
  const taken = [];
  for (const { variable, usual, other, use } of published) {
    const port = Number(process.env[variable] || usual);
    if (await isTaken(port)) taken.push({ variable, port, other, use });
  }
  if (taken.length === 0) return;
  const list = taken.map(({ port, use }) => `${port} (${use})`).join(', ');
  const settings = taken.map(({ variable, other }) => `${variable}=${other}`).join(' ');
  throw new Stop(
    `Somebody else listens on ${list}. Take other ports, for instance:\n  ${settings} npm run up`,
  );
}

/** Only a port in use counts: without root one may not try those below 1024, and Docker will say what it finds. */
function isTaken(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => resolve(false)));
  });
}
