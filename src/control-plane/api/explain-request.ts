// GET /api/explain: what would become of a request, as the gateway is now.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Explanation } from '../../model/explanation.ts';
import type { StartupConfig } from '../../model/startup.ts';
import { explain } from '../../rules/explain/explain.ts';
import { readQuestion } from '../../rules/explain/read-question.ts';
import { ApiError } from './api-error.ts';
import type { ApiSources } from './api-sources.ts';
import type { Query } from './list-query.ts';

/**
 * `url`, and where they matter `method`, `header` (`Name:value`, also several), `client` and `entryPoint`. Thousands of routers
 * are asked in turns, so that nothing else waits for them. @throws ApiError 400 where there is nothing to explain.
 */
export async function explainRequest(
  query: Query,
  { config, healthOf }: Pick<ApiSources, 'config' | 'healthOf'>,
  { entryPoints }: Pick<StartupConfig, 'entryPoints'>,
): Promise<Explanation> {
  const read = readQuestion({
    url: query.get('url') ?? '',
    method: query.get('method') ?? '',
    headers: query.getAll('header'),
    client: query.get('client') ?? '',
    entryPoint: query.get('entryPoint') ?? '',
  });
  if (!read.ok) throw new ApiError(400, `invalid request: url: ${read.message}`);
  // Which ports are published under another number is not known inside of a container.
  const steps = explain(read.question, config(), { entryPoints, published: new Map(), healthOf });
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await nextTurn();
  }
}
