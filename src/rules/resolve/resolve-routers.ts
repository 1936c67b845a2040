// All routers of all providers. A router is resolved anew only when its declaration or the state of something that it
// refers to has changed; clashes between routers are found over all of them.

import { createOrderedMemo } from '../../lib/ordered-memo.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Router } from '../../model/dynamic-config.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import type { RouterOptions } from '../../model/router.ts';
import { type Clash, clashKey, clashMessage, findClashes } from './find-clashes.ts';
import { keepTable } from './keep-table.ts';
import { type ReferenceTables, referenceState } from './reference-table.ts';
import { type RouterContext, resolveRouter } from './resolve-router.ts';
import type { Resolution } from './resolve-service.ts';
import { collect, type ResolvedTable, sameItems } from './resolve-table.ts';
import { createRuleMemo } from './rule-memo.ts';
import { openVerdict } from './verdict.ts';

type KnownRouter = {
  readonly provider: string;
  readonly declared: Declared<RouterOptions>;
  readonly router: Router;
  readonly found: readonly Diagnostic[];
  readonly key: string;
  /** State of the service and of each middleware when it was resolved. */
  readonly references: readonly string[];
  /** The period in which `references` was last found true. */
  period: number;
  /** The same router with the warning of its clash, as long as that stays the same. */
  clash?: Resolution<Router> & { readonly message: string };
};

export type RoutersRun = {
  /** Everything that a router can refer to is as usable as it was in the run before. */
  readonly referencesHold: boolean;
  readonly previous: ReadonlyMap<string, Router>;
};

/** Resolves the routers of all providers. Remembers results by declaration, and all while nothing at all changed. */
export function createRoutersResolver(): (
  providers: readonly ProviderConfig[],
  context: Omit<RouterContext, 'checkRule'>,
  run: RoutersRun,
) => ResolvedTable<Router> {
  const memo = createOrderedMemo<Declared<RouterOptions>, KnownRouter>();
  const checkRule = createRuleMemo();
  let period = 0;
  let lastInput: readonly unknown[] = [];
  let last: ResolvedTable<Router> | undefined;

  return (providers, context, { referencesHold, previous }) => {
    if (!referencesHold) period += 1;
    const input = providers.map(({ routers }) => routers);
    if (referencesHold && last?.table === previous && sameItems(input, lastInput)) return last;

    memo.begin();
    const holds = (known: KnownRouter) => known.period === period || referencesAre(known, context.tables);
    const all: KnownRouter[] = [];
    for (const { provider, routers } of providers) {
      for (const declared of routers.values()) {
        const known = memo.get(declared, holds, () => {
          const { object, found } = resolveRouter(provider, declared, { ...context, checkRule });
          const references = statesOf(object, context.tables);
          return { provider, declared, router: object, found, key: clashKey(object), references, period };
        });
        known.period = period;
        all.push(known);
      }
    }

    const clashes = findClashes(all);
    const diagnostics: Diagnostic[] = [];
    const objects = all.map((known) => {
      const clash = clashes.size === 0 ? undefined : clashes.get(known.router.name);
      const clashing = clash === undefined ? undefined : withClash(known, clash);
      collect(diagnostics, known.declared.faults, clashing?.found ?? known.found);
      return clashing?.object ?? known.router;
    });
    lastInput = input;
    last = { table: keepTable(previous, objects), diagnostics };
    return last;
  };
}

function statesOf({ service, middlewares }: Router, tables: ReferenceTables): readonly string[] {
  return [
    referenceState(tables, 'service', service),
    ...middlewares.map((name) => referenceState(tables, 'middleware', name)),
  ];
}

function referencesAre({ router, references }: KnownRouter, tables: ReferenceTables): boolean {
  return (
    references[0] === referenceState(tables, 'service', router.service) &&
    router.middlewares.every((name, at) => references[at + 1] === referenceState(tables, 'middleware', name))
  );
}

function withClash(known: KnownRouter, clash: Clash): Resolution<Router> {
  const message = clashMessage(known.router, clash);
  if (known.clash?.message === message) return known.clash;
  const verdict = openVerdict('router', known.provider, known.declared);
  verdict.add({
    severity: 'warning',
    code: 'name-conflict',
    message,
    hint: 'Make the rules differ, or give one of the routers a priority.',
    option: { key: 'rule', value: known.router.rule },
  });
  const object: Router = Object.freeze({
    ...known.router,
    status: 'warning',
    errors: [...known.router.errors, message],
  });
  known.clash = { message, object, found: [...known.found, ...verdict.found] };
  return known.clash;
}
