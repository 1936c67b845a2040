// Starts one replica: loads, opens the port, and on SIGTERM finishes its streams and leaves with 0.

import { createServer, type Server } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CURVES } from './curves.ts';
import { createFaults } from './faults.ts';
import { createGpu } from './gpu.ts';
import { HELP, parseSettings, type Settings } from './settings.ts';
import { createSpeech } from './speech.ts';
import { createStats } from './stats.ts';
import { createSurface } from './surface.ts';
import { createTakes } from './takes.ts';

/** uvicorn's --timeout-keep-alive; a gateway must give idle connections up before it. */
const KEEP_ALIVE_MS = 5000;
/** What the kernel's out-of-memory killer leaves behind. */
const CRASH_STATUS = 137;

const { values } = parseArgs({
  options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' }, model_dir: { type: 'string' } },
});
if (values.help === true) {
  process.stdout.write(HELP);
} else {
  await start(readSettings());
}

function readSettings(): Settings {
  try {
    return parseSettings(values.port === undefined ? process.env : { ...process.env, PORT: values.port });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

async function start(settings: Settings): Promise<void> {
  const quit = (): never => process.exit(0);
  process.once('SIGTERM', quit).once('SIGINT', quit);
  const [speech] = await Promise.all([createSpeech(), sleep(settings.loadSeconds * 1000)]);
  const replica = {
    name: hostname(),
    settings,
    takes: createTakes(speech),
    gpu: createGpu(settings.curve === 'none' ? undefined : CURVES[settings.curve], settings.warmupSeconds),
    faults: createFaults(settings.fault),
    stats: createStats(),
    crash: () => process.exit(CRASH_STATUS),
  };
  // No request timeout: uvicorn has none, and a slow upload or a long stream is no fault.
  const surface = createSurface(replica);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) => {
    response.once('close', () => {
      // While draining, a connection goes with its last answer, instead of five seconds later.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    surface(request, response);
  });
  server.keepAliveTimeoutBuffer = 0;
  server.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  server.listen(settings.port, settings.host, () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : settings.port;
    console.log(`INFO: ${replica.name} on port ${port}, model ${settings.model}, curve ${settings.curve}`);
  });
  process.off('SIGTERM', quit).off('SIGINT', quit);
  process.once('SIGTERM', () => drain(server)).once('SIGINT', () => drain(server));
}

/** As uvicorn: no new connections, streams to their end, then 0; a second signal does not wait. */
function drain(server: Server): void {
  console.log('INFO: shutting down');
  process.once('SIGTERM', () => process.exit(0)).once('SIGINT', () => process.exit(0));
  server.close(() => process.exit(0));
  server.closeIdleConnections();
}
