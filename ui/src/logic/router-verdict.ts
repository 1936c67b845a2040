// Pure: whether a router really answers, taking its service's replicas into account. A router can be enabled and
// still serve nobody, which is what people look for when they ask why a route does not work.
import type { RouterView } from '../../../src/model/view.ts';
import { describeNotReady, qualify, type ReplicasByService, readinessOf } from './readiness.ts';

/** `ok`, `warning` and `error` as everywhere; `text` is one short sentence without a final stop. */
export type RouterVerdict = { readonly level: 'ok' | 'warning' | 'error'; readonly text: string };

/** Says whether requests that match this router get an answer. `replicas` absent means not loaded yet. */
export function verdictOf(router: RouterView, replicas: ReplicasByService | undefined): RouterVerdict {
  if (router.status === 'disabled') return { level: 'error', text: firstReason(router) ?? 'Disabled' };
  const own = replicas?.get(qualify(router.service, router.provider));
  const isInternal = router.service.endsWith('@internal') || router.provider === 'internal';
  if (replicas && !isInternal) {
    const { ready, total } = readinessOf(own ?? []);
    if (total === 0) return { level: 'error', text: 'Its service has no replica' };
    if (ready === 0) return { level: 'error', text: `No replica ready: ${describeNotReady(own ?? [])}` };
    if (router.status !== 'warning' && ready < total) {
      return { level: 'warning', text: `${ready} of ${total} replicas ready` };
    }
  }
  if (router.status === 'warning') return { level: 'warning', text: firstReason(router) ?? 'Has warnings' };
  return { level: 'ok', text: 'Working' };
}

function firstReason(router: RouterView): string | undefined {
  return router.error?.[0] ?? router.diagnostics.find((one) => one.severity !== 'info')?.message;
}
