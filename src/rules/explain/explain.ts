// explain: what would become of one request under a configuration, and why. Pure: the same trace for `check --explain`, for
// the API and for the dashboard.
import type { DynamicConfig } from '../../model/dynamic-config.ts';
import type { Explanation, Question } from '../../model/explanation.ts';
import { normaliseHost } from '../routing/normalise-host.ts';
import { normalisePath } from '../routing/normalise-path.ts';
import { findEntrance } from './entry-points.ts';
import type { ExplainSources } from './explain-sources.ts';
import { followRouter } from './follow-router.ts';
import { hintFor } from './hint.ts';
import { type Refusal, refuse } from './refuse.ts';
import { refusedOddity } from './refused-oddity.ts';
import { type Arrival, tryRouters } from './try-routers.ts';
import { tryTcpRouters } from './try-tcp-routers.ts';

/** Trials that are told; more of them would hide what matters. */
const maxTrials = 12;

const nothing = { routers: [], otherRouters: 0, middlewares: [], replicas: [] } as const;

/** Follows the request. Gives way now and then, so that whoever has other work can do it in between. */
export function* explain(
  question: Question,
  config: DynamicConfig,
  sources: ExplainSources,
): Generator<undefined, Explanation> {
  const entrance = findEntrance(question, sources);
  if (entrance.entryPoint === undefined) return { question, outcome: entrance.outcome, ...nothing };
  const { entryPoint, told } = entrance;
  const arrival = arrive(question, entryPoint.name, entryPoint.sanitizePath ?? true);
  if ('status' in arrival) return { question, outcome: arrival, entryPoint: told, ...nothing };
  const tcp = tryTcpRouters(config, arrival);
  if (tcp !== undefined) {
    const text = `The TCP router ${tcp.name} takes the connection before HTTP sees a request; it goes to ${tcp.service}.`;
    return { question, outcome: { kind: 'passed-on', text }, entryPoint: told, ...nothing };
  }
  const { chosen, trials } = yield* tryRouters(config.routers.values(), arrival);
  const met = trials.filter(({ verdict }) => verdict !== 'no-match').length;
  const routers = trials.slice(0, Math.max(met, Math.min(maxTrials, trials.length)));
  const seen = { question, entryPoint: told, routers, otherRouters: trials.length - routers.length };
  const oddity = refusedOddity(arrival, entryPoint, chosen, config);
  if (oddity !== undefined) return { ...seen, outcome: oddity, middlewares: [], replicas: [] };
  if (chosen === undefined) {
    const outcome = refuse(404, 'No router takes the request.', hintFor(trials, arrival));
    return { ...seen, outcome, middlewares: [], replicas: [] };
  }
  return { ...seen, ...followRouter(chosen, entryPoint.name, config, sources) };
}

/** The explanation in one go. */
export function explainNow(question: Question, config: DynamicConfig, sources: ExplainSources): Explanation {
  const steps = explain(question, config, sources);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The head as rules see it, or why it is refused before any rule does. */
function arrive(question: Question, entryPoint: string, sanitize: boolean): Arrival | Refusal {
  const host = normaliseHost(question.host);
  if (host === undefined || host === '') {
    return refuse(400, `${JSON.stringify(question.host)} is no host name.`);
  }
  const path = normalisePath(question.path, { sanitize });
  if ('fault' in path) return refuse(path.fault === 'tooLong' ? 414 : 400, 'The path is malformed.');
  return {
    oddities: path.suspicious,
    head: {
      method: question.method,
      host,
      path: path.match,
      rawQuery: question.query.slice(1),
      headers: { host: question.host, ...question.headers },
      clientAddress: question.client,
    },
    entryPoint,
    isTls: question.scheme === 'https',
  };
}
