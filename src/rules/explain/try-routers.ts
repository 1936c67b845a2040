// Asks every HTTP router about one request, in the order in which the gateway asks them.
import { isTlsOn, type Router } from '../../model/dynamic-config.ts';
import type { RouterTrial, TrialVerdict } from '../../model/explanation.ts';
import { trustRegexps } from '../routing/check-regexp.ts';
import type { PathOddity } from '../routing/normalise-path.ts';
import { parseRule } from '../routing/parse-rule.ts';
import type { RequestHead } from '../routing/request-head.ts';
import { compareRanks, orderOf, type Ranked } from '../routing/router-order.ts';
import { createRuleJudge, distanceOf, type Misses } from './judge-rule.ts';

/** The request as routers see it. */
export type Arrival = {
  readonly head: RequestHead;
  /** What in its path servers read differently. */
  readonly oddities: readonly PathOddity[];
  readonly entryPoint: string;
  readonly isTls: boolean;
};

/** All trials, first those that take it by their rule, in the order in which they are asked, then the nearest. */
export type Trials = {
  readonly chosen: Router | undefined;
  readonly trials: readonly RouterTrial[];
};

type Tried = Ranked & { readonly router: Router; readonly misses: Misses; readonly distance: number };

/** Whatever it was meant to take, the request is not known to be it. */
const unreadable = { reason: 'The rule cannot be read.', distance: 6 };

/** Gives way after so many routers, so that thousands of them hold nobody up. */
const routersPerTurn = 50;

/** The routers that the request meets, or would if only one thing were different. */
export function* tryRouters(routers: Iterable<Router>, arrival: Arrival): Generator<undefined, Trials> {
  const judge = createRuleJudge(arrival.head);
  const tried: Tried[] = [];
  for (const router of routers) {
    const misses = missesOf(router, judge);
    tried.push({
      router,
      misses,
      distance: distanceOf(misses),
      priority: router.priority,
      order: orderOf(router),
    });
    if (tried.length % routersPerTurn === 0) yield;
  }
  tried.sort((one, other) => one.distance - other.distance || compareRanks(one, other));
  let chosen: Router | undefined;
  const trials = tried.map((one): RouterTrial => {
    const verdict = verdictOf(one, arrival, chosen);
    if (verdict === 'chosen') chosen = one.router;
    const { name, rule, priority } = one.router;
    return { name, rule, priority, verdict, reasons: reasonsOf(verdict, one, arrival, chosen) };
  });
  return { chosen, trials };
}

function missesOf(router: Router, judge: ReturnType<typeof createRuleJudge>): Misses {
  const parsed = parseRule(router.rule, router.ruleSyntax, trustRegexps);
  return parsed.ok ? judge(parsed.rule) : [unreadable];
}

function verdictOf({ router, misses }: Tried, arrival: Arrival, chosen: Router | undefined): TrialVerdict {
  if (misses.length > 0) return 'no-match';
  if (router.status === 'disabled') return 'disabled';
  if (!router.entryPoints.includes(arrival.entryPoint)) return 'other-entry-point';
  if (isTlsOn(router, arrival.entryPoint) !== arrival.isTls) return 'other-encryption';
  return chosen === undefined ? 'chosen' : 'outranked';
}

function reasonsOf(
  verdict: TrialVerdict,
  { router, misses }: Tried,
  { entryPoint, isTls }: Arrival,
  chosen: Router | undefined,
): readonly string[] {
  switch (verdict) {
    case 'chosen':
      return ['Its rule takes the request, and no other that does is asked earlier.'];
    case 'outranked':
      return [
        `Its rule takes the request too, but ${chosen?.name} is asked first${whyFirst(router, chosen)}.`,
      ];
    case 'disabled':
      return router.errors.length > 0 ? router.errors : ['It is disabled.'];
    case 'other-entry-point':
      return [`It listens on ${router.entryPoints.join(', ') || 'no entry point'}, not on ${entryPoint}.`];
    case 'other-encryption':
      return [
        isTls
          ? 'It answers plain connections only: it has no tls.'
          : 'It answers encrypted connections only: it has tls.',
      ];
    case 'no-match':
      return misses.map(({ reason }) => reason);
  }
}

function whyFirst(router: Router, chosen: Router | undefined): string {
  if (chosen === undefined) return '';
  return chosen.priority === router.priority
    ? ': their priorities are equal, and its name comes first'
    : `: its priority is ${chosen.priority}, and ${router.priority} here`;
}
