import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveServersTransport } from '../../../../src/rules/startup/resolve-servers-transport.ts';
import type { StartupFault } from '../../../../src/rules/startup/startup-fault.ts';

test('what is not said keeps its default', () => {
  const faults: StartupFault[] = [];
  assert.deepEqual(resolveServersTransport({}, faults), { insecureSkipVerify: false, dialTimeoutMs: 30_000 });
  assert.deepEqual(
    resolveServersTransport(
      {
        insecureSkipVerify: true,
        rootCAs: ['/ca.pem'],
        maxIdleConnsPerHost: -1,
        forwardingTimeouts: { dialTimeout: 0, idleConnTimeout: 90_000 },
      },
      faults,
    ),
    {
      insecureSkipVerify: true,
      rootCAs: ['/ca.pem'],
      maxIdle: 0,
      dialTimeoutMs: 0,
      idleTimeoutMs: 90_000,
    },
  );
  assert.deepEqual(faults, []);
});

test('a negative time is a fault of its own option', () => {
  const faults: StartupFault[] = [];
  resolveServersTransport({ forwardingTimeouts: { idleConnTimeout: -1 } }, faults);
  assert.deepEqual(
    faults.map(({ severity, source }) => `${severity} ${source}`),
    ['error serversTransport.forwardingTimeouts.idleConnTimeout'],
  );
});
