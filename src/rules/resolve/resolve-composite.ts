// A service over services with its defaults and its members. One that leads to itself, or to nothing, is disabled, and with
// it those that lead to it.
import type {
  CompositeKind,
  CompositeOptions,
  CompositeOptionsByKind,
} from '../../model/composite-service.ts';
import type { Composite, Member, Mirror, Service } from '../../model/dynamic-config.ts';
import type { DeclaredService } from '../../model/provider-config.ts';
import { qualifyName } from './qualify-name.ts';
import { checkReference, type Lookup, refuseMiddlewares, type Suggest } from './reference-table.ts';
import { resolveSticky } from './resolve-sticky.ts';
import type { Verdict } from './verdict.ts';

/** What a service over services is resolved with. */
export type CompositeContext = {
  readonly provider: string;
  readonly lookup: Lookup<Service>;
  readonly suggest: Suggest;
  readonly verdict: Verdict;
};

/** A composite before its members have been looked up. */
type Drafted<K extends CompositeKind> = Omit<Composite & { readonly kind: K }, 'depth' | 'members'> & {
  readonly members: readonly WrittenMember[];
};
/** With the option that names it. */
type WrittenMember = Member & { readonly key: string };
type Draft<K extends CompositeKind> = (
  options: CompositeOptionsByKind[K],
  provider: string,
  verdict: Verdict,
) => Drafted<K>;

const drafts: { readonly [K in CompositeKind]: Draft<K> } = {
  weighted(options, provider, verdict) {
    const cookie = options.sticky && resolveSticky(options.sticky, 'weighted.sticky', verdict);
    return {
      kind: 'weighted',
      members: weighedMembers('weighted', options.services ?? [], provider, verdict),
      followsHealth: options.healthCheck !== undefined,
      ...(cookie === undefined ? {} : { stickyCookie: cookie }),
    };
  },
  highestRandomWeight: (options, provider, verdict) => ({
    kind: 'highestRandomWeight',
    members: weighedMembers('highestrandomweight', options.services ?? [], provider, verdict),
    followsHealth: options.healthCheck !== undefined,
  }),
  failover: ({ service, fallback, healthCheck }, provider) => ({
    kind: 'failover',
    members: [
      toMember(service, provider, 'failover.service'),
      toMember(fallback, provider, 'failover.fallback'),
    ],
    followsHealth: healthCheck !== undefined,
  }),
  mirroring: (
    { service, mirrors = [], mirrorBody = true, maxBodySize = -1, healthCheck },
    provider,
    verdict,
  ) => ({
    kind: 'mirroring',
    members: [toMember(service, provider, 'mirroring.service')],
    mirrors: mirrors.map(({ name, percent = 0 }, at) => toMirror(name, percent, at, provider, verdict)),
    mirrorBody,
    maxBodySize: Math.max(-1, maxBodySize),
    followsHealth: healthCheck !== undefined,
  }),
};

function toMirror(written: string, percent: number, at: number, provider: string, verdict: Verdict): Mirror {
  if (percent < 0 || percent > 100) {
    verdict.add({
      severity: 'error',
      code: 'bad-value',
      message: `${percent} is no percentage.`,
      hint: 'Write a number from 0 to 100.',
      option: { key: `mirroring.mirrors[${at}].percent`, value: String(percent) },
    });
  }
  const { name } = toMember(written, provider, '');
  return { name, written, percent };
}

/** Nobody nests services so deep; it bounds what a request has to walk. */
const maxDepth = 16;

/** Fills the defaults in and looks the members up; faults and doubts go to `verdict`. */
export function resolveComposite({ kind, options }: CompositeOptions, context: CompositeContext): Composite {
  const { provider, lookup, suggest, verdict } = context;
  // One that decoded badly may lack the names.
  const isWhole = verdict.status() !== 'disabled';
  const draft = drafts[kind] as (
    options: unknown,
    provider: string,
    verdict: Verdict,
  ) => Drafted<typeof kind>;
  const drafted = draft(options, provider, verdict);
  const mirrors = mirrorsOf(drafted as { readonly mirrors?: readonly Mirror[] });
  const depths = [...drafted.members, ...mirrors].map(({ name: qualified, written, key }) => {
    const reference = { kind: 'service', key, written, qualified } as const;
    const target = isWhole ? checkReference(verdict, reference, lookup, suggest) : undefined;
    if (target !== undefined) refuseMiddlewares(target, key, verdict);
    return target?.composite?.depth ?? 0;
  });
  const depth = 1 + Math.max(0, ...depths);
  if (depth > maxDepth) {
    verdict.add({
      severity: 'error',
      code: 'bad-value',
      message: `It leads to services through more than ${maxDepth} others.`,
      hint: 'Let it lead to the services with servers directly.',
    });
  }
  const members = drafted.members.map(({ key: _, ...member }) => member);
  return { ...drafted, members, depth } as Composite;
}

function mirrorsOf({ mirrors = [] }: { readonly mirrors?: readonly Mirror[] }) {
  return mirrors.map(({ name, written }, at) => ({ name, written, key: `mirroring.mirrors[${at}].name` }));
}

/** Qualified names of the services that one leads to. */
export function servicesWithin(provider: string, { options }: DeclaredService): readonly string[] {
  if (!('kind' in options)) return [];
  const names = namesWithin(options);
  return names.map((name) => qualifyName(name ?? '', provider));
}

function namesWithin({ kind, options }: CompositeOptions): readonly (string | undefined)[] {
  switch (kind) {
    case 'failover':
      return [options.service, options.fallback];
    case 'mirroring':
      return [options.service, ...(options.mirrors ?? []).map(({ name }) => name)];
    default:
      return (options.services ?? []).map(({ name }) => name);
  }
}

function toMember(written = '', provider: string, key: string, weight = 1): WrittenMember {
  return { name: qualifyName(written, provider), written, weight, key };
}

function weighedMembers(
  key: string,
  services: readonly { readonly name: string; readonly weight?: number }[],
  provider: string,
  verdict: Verdict,
): readonly WrittenMember[] {
  const members = services.map(({ name, weight }, at) => {
    if (weight !== undefined && weight < 0) {
      verdict.add({
        severity: 'warning',
        code: 'bad-value',
        message: `With the weight ${weight} the service ${name} gets no requests.`,
        hint: 'Write a weight of 1 or more, or 0 for none.',
        option: { key: `${key}.services[${at}].weight`, value: String(weight) },
      });
    }
    return toMember(name, provider, `${key}.services[${at}].name`, Math.max(0, weight ?? 1));
  });
  if (members.every(({ weight }) => weight === 0)) {
    verdict.add({
      severity: 'warning',
      code: 'bad-value',
      message: 'None of its services gets requests, so that it answers 503.',
      hint: `Name services as in ${key}.services[0].name, and give one of them a weight of 1 or more.`,
    });
  }
  return members;
}
