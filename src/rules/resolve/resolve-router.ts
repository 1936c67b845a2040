// One declared router → a router whose references, rule and entry points have been checked. What is wrong disables
// this router only, and stays visible with the reason.
import { sameValue } from '../../lib/same-value.ts';
import type { Router } from '../../model/dynamic-config.ts';
import type { Declared } from '../../model/provider-config.ts';
import type { RouterOptions } from '../../model/router.ts';
import { rankOf } from '../routing/router-order.ts';
import { defaultPriority } from '../routing/rule-node.ts';
import {
  checkMiddlewares,
  checkService,
  lookupIn,
  type ReferenceTables,
  type Suggest,
} from './reference-table.ts';
import type { Resolution } from './resolve-service.ts';
import { resolveTimeouts } from './resolve-timeouts.ts';
import type { RuleLanguage, RuleMemo } from './rule-memo.ts';
import { openVerdict, type Verdict } from './verdict.ts';

/** An entry point as far as routers care. */
export type KnownEntryPoint = {
  readonly name: string;
  readonly asDefault: boolean;
  /** Whether routers without `tls` of their own answer only TLS connections here. */
  readonly tls?: boolean;
  /** Run before those of each router (`http.middlewares`); names without a provider are of the router's. */
  readonly middlewares?: readonly string[];
};

/** What a router is checked against. */
export type RouterContext = {
  readonly entryPoints: readonly KnownEntryPoint[];
  /** Names of those of the other transport: TCP for UDP, and UDP for all else. */
  readonly otherEntryPoints?: readonly string[];
  readonly defaultRuleSyntax: 'v3' | 'v2';
  /** The order of providers between equal priorities; absent: Traefik's. */
  readonly precedence?: readonly string[] | undefined;
  readonly tables: ReferenceTables;
  readonly checkRule: RuleMemo;
  readonly suggest: Suggest;
};

/** Resolves a router of `provider`. */
export function resolveRouter(
  provider: string,
  declared: Declared<RouterOptions>,
  context: RouterContext,
): Resolution<Router> {
  const { options } = declared;
  const verdict = openVerdict('router', provider, declared);
  const rule = options.rule ?? '';
  const ruleSyntax = options.ruleSyntax ?? context.defaultRuleSyntax;
  // A declaration that already says why rule or service is missing needs no second fault.
  const excused = declared.faults.some(({ severity }) => severity === 'error');
  if (rule !== '' || !excused) checkRuleText(rule, ruleSyntax, context.checkRule, verdict);
  const entryPoints = resolveEntryPoints(options.entryPoints, context, verdict);
  const service = checkService(verdict, options.service, provider, lookupIn(context.tables.services), {
    suggest: context.suggest,
    excused,
  });
  const middlewares = resolveMiddlewareLists(provider, options.middlewares, entryPoints, context, verdict);
  const timeouts = resolveTimeouts(options.timeouts, verdict);
  const object: Router = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    rule,
    ruleSyntax,
    // Traefik reads 0 as "not set" (reference "Priority Calculation").
    priority: options.priority || defaultPriority(rule),
    entryPoints,
    ...middlewares,
    service,
    ...toTls(options.tls, entryPoints, context.entryPoints),
    ...(options.observability?.accessLogs === undefined
      ? {}
      : { accessLogs: options.observability.accessLogs }),
    ...(options.observability?.metrics === undefined ? {} : { metrics: options.observability.metrics }),
    ...(timeouts === undefined ? {} : { timeouts }),
  });
  return { object, found: verdict.found };
}

/** The router with the rank of its provider, where another order than the usual one is wanted. */
export function withRank<R extends { readonly provider: string }>(
  router: R,
  precedence: readonly string[] | undefined,
): R {
  if (precedence === undefined) return router;
  return Object.freeze({ ...router, providerRank: rankOf(router.provider, precedence) });
}

/** Adds what is wrong with a rule. */
export function checkRuleText(
  rule: string,
  language: RuleLanguage,
  checkRule: RuleMemo,
  verdict: Verdict,
): void {
  const { faults, warnings } = checkRule(rule, language);
  const option = { key: 'rule', value: rule };
  for (const fault of faults) {
    verdict.add({ severity: 'error', code: 'rule-syntax', option, ...fault });
  }
  for (const warning of warnings) {
    verdict.add({ severity: 'warning', code: 'rule-deprecated', option, ...warning });
  }
}

/** Never used unless it is named, so that what the operator keeps there is not joined by what others declare. */
const operatorsEntryPoint = 'traefik';

/** None named: all that are marked as default, else all (Traefik, reference "asDefault"). */
export function resolveEntryPoints(
  written: readonly string[] | undefined,
  { entryPoints, otherEntryPoints = [], suggest }: RouterContext,
  verdict: Verdict,
): readonly string[] {
  const known = entryPoints.map(({ name }) => name);
  if (written === undefined || written.length === 0) {
    const defaults = entryPoints.filter(({ asDefault }) => asDefault).map(({ name }) => name);
    return defaults.length > 0 ? defaults : known.filter((name) => name !== operatorsEntryPoint);
  }
  const option = { key: 'entrypoints', value: written.join(',') };
  const valid = new Set<string>();
  for (const name of written) {
    if (known.includes(name)) {
      valid.add(name);
      continue;
    }
    const near = suggest(name, known);
    verdict.add({
      severity: 'warning',
      code: 'unknown-reference',
      message: otherEntryPoints.includes(name)
        ? `The entry point "${name}" is of the other transport: one of UDP serves UDP routers, and those of TCP all others.`
        : `There is no entry point "${name}".`,
      hint: near === undefined ? listKnown(known) : `Did you mean ${near}?`,
      option,
    });
  }
  if (valid.size === 0) {
    verdict.add({
      severity: 'error',
      code: 'unknown-reference',
      message: 'None of the entry points of the router exists.',
      hint: listKnown(known),
      option,
    });
  }
  return [...valid];
}

function listKnown(names: readonly string[]): string {
  return names.length === 0
    ? 'There is none that it could use: add one to the start-up configuration.'
    : `Known entry points are ${names.join(', ')}.`;
}

/**
 * The router's own middlewares behind those of its entry points. Traefik makes a copy of the router for each entry point that
 * adds some; one router that knows what runs where keeps its name.
 */
function resolveMiddlewareLists(
  provider: string,
  own: readonly string[] | undefined,
  names: readonly string[],
  { entryPoints, tables, suggest }: RouterContext,
  verdict: Verdict,
): Pick<Router, 'middlewares' | 'middlewaresByEntryPoint'> {
  const lookup = lookupIn(tables.middlewares);
  const checked = checkMiddlewares(verdict, own, provider, lookup, suggest);
  const adding = entryPoints.filter(
    ({ name, middlewares = [] }) => middlewares.length > 0 && names.includes(name),
  );
  if (adding.length === 0) return { middlewares: checked };
  const lists = new Map(names.map((name) => [name, checked]));
  for (const { name, middlewares } of adding) {
    const added = checkMiddlewares(verdict, middlewares, provider, lookup, suggest, name);
    lists.set(name, [...added, ...checked]);
  }
  const [first = checked, ...others] = lists.values();
  if (others.every((list) => sameValue(list, first))) return { middlewares: first };
  return { middlewares: checked, middlewaresByEntryPoint: Object.fromEntries(lists) };
}

/**
 * The router's own tls, or what its entry points add. Traefik makes a copy of the router for each entry point that adds
 * something; one router that knows where it is encrypted keeps its name.
 */
function toTls(
  own: RouterOptions['tls'],
  names: readonly string[],
  known: readonly KnownEntryPoint[],
): Pick<Router, 'tls' | 'tlsEntryPoints'> {
  if (own !== undefined) {
    return {
      tls: {
        ...(own.options === undefined ? {} : { options: own.options }),
        ...(own.certResolver === undefined ? {} : { certResolver: own.certResolver }),
      },
    };
  }
  const adding = known
    .filter(({ name, tls }) => tls === true && names.includes(name))
    .map(({ name }) => name);
  if (adding.length === 0) return {};
  return adding.length === names.length ? { tls: {} } : { tlsEntryPoints: adding };
}
