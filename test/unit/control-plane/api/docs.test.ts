// The documents say what the code does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { eventsPath, routes } from '../../../../src/control-plane/api/routes.ts';
import { createAccessLog } from '../../../../src/observability/access-log.ts';
import { createRequestMetrics } from '../../../../src/observability/metrics.ts';
import { renderErrorsDoc } from '../../../support/errors-doc.ts';
import { renderOpenApi, undescribedPaths } from '../../../support/openapi-doc.ts';
import { exchange, lineTarget } from '../../observability/example-exchange.ts';

const read = (name: string) => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');

describe('docs/errors.md', () => {
  it('is current', () => {
    assert.equal(read('errors.md'), renderErrorsDoc(), 'Run: node test/support/write-errors-doc.ts');
  });
});

describe('docs/openapi.json', () => {
  it('is current and describes every path', () => {
    const { version } = JSON.parse(read('../package.json')) as { version: string };
    assert.deepEqual(undescribedPaths(), []);
    assert.equal(read('openapi.json'), renderOpenApi(version), 'Run: npm run docs');
  });
});

describe('docs/api.md', () => {
  const text = read('api.md');

  it('names every path of the API', () => {
    const optional = /^\/api\/(tcp|udp|certificates).*\/:name$/;
    const paths = [...routes.map(({ path }) => path), eventsPath].filter((path) => !optional.test(path));
    for (const path of paths) assert.ok(text.includes(`\`${path}\``), path);
  });

  it('names every key of the access log', () => {
    const target = lineTarget();
    createAccessLog({ filePath: '' }, undefined, target).write(
      exchange({ upstreamFirstByteMs: 1, upstreamStatus: 200, retries: 1, fault: 'x', userAgent: 'x' }),
    );
    for (const key of Object.keys(JSON.parse(target.lines[0] ?? ''))) {
      if (key !== 'level') assert.ok(text.includes(`\`${key}\``), key);
    }
  });

  it('names every kind of metric', () => {
    const metrics = createRequestMetrics({
      buckets: [1],
      entryPointLabels: true,
      routerLabels: true,
      serviceLabels: true,
    });
    metrics.openConnection('web', 'http');
    for (const { name } of metrics.collect()) {
      const short = name.replace(/^traefik_(router|service|entrypoint)_/, '');
      const written = [name, `…_${short}`, `traefik_entrypoint_${short}`];
      assert.ok(
        written.some((one) => text.includes(`\`${one}\``)),
        name,
      );
    }
  });
});
