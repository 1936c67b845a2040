// Joins what all providers declare into one DynamicConfig and hands each new version on. The first change goes out at
// once; what comes while a version is being applied is merged, and the latest declaration of each provider wins.
import { createPacer } from '../../lib/pacer.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { type DynamicConfig, emptyDynamicConfig } from '../../model/dynamic-config.ts';
import type { Log } from '../../model/log.ts';
import type { PemReader } from '../../model/pem-reader.ts';
import type { ProviderConfig } from '../../model/provider-config.ts';
import { createMiddlewareCheck } from '../../rules/resolve/check-middleware.ts';
import { createResolver } from '../../rules/resolve/resolve.ts';
import type { KnownEntryPoint } from '../../rules/resolve/resolve-router.ts';
import { createRuleMemo } from '../../rules/resolve/rule-memo.ts';
import { createNewRules } from './check-new-rules.ts';

/** What a publisher works with. */
export type PublisherOptions = {
  /** Entry points of the data plane. */
  readonly entryPoints: readonly KnownEntryPoint[];
  /** Names of those for UDP; none if absent. */
  readonly udpEntryPoints?: readonly string[];
  /** What the gateway declares itself; it is published with the first declaration of a provider, or when it is received. */
  readonly builtIn?: ProviderConfig;
  /** Language of rules that name none. */
  readonly defaultRuleSyntax: 'v3' | 'v2';
  /**
   * Those that are expected to declare something: the first version waits for all of them, so that no request gets 404 for what
   * another provider is about to declare.
   */
  readonly providers: readonly string[];
  /** How long it waits for them, in milliseconds; only tests set it. */
  readonly patienceMs?: number;
  /** Whose routers come first between equal priorities; Traefik's order if absent. */
  readonly precedence?: readonly string[] | undefined;
  /** Least time between two versions; 0 pauses only as long as the last one took to apply. */
  readonly throttleMs: number;
  /** Reads the certificates and keys that are named. */
  readonly pems?: PemReader;
  /** Called with each new version, in order, and never with one that equals the last. */
  readonly onConfig: (config: DynamicConfig) => void;
  readonly log: Pick<Log, 'info' | 'warn'>;
};

/** Where the declarations of all providers meet. */
export type Publisher = {
  /** Takes the whole of what one provider declares now. An empty one is applied: its last container has gone. */
  receive(config: ProviderConfig): void;
  /** The version that was handed on last; version 0 before the first. */
  current(): DynamicConfig;
  /** Nothing is handed on any more. */
  close(): void;
};

/** A provider that cannot be reached must not keep the others from serving for longer. */
const defaultPatienceMs = 2_000;

/** Creates a publisher; nothing happens until a provider's first declaration. */
export function createPublisher(options: PublisherOptions): Publisher {
  const {
    entryPoints,
    udpEntryPoints = [],
    defaultRuleSyntax,
    precedence,
    throttleMs,
    onConfig,
    log,
  } = options;
  const checkRule = createRuleMemo();
  const checkMiddleware = createMiddlewareCheck();
  const resolve = createResolver(checkRule, checkMiddleware, options.pems);
  const checkNewRules = createNewRules({ checkRule, checkMiddleware }, defaultRuleSyntax);
  const declared = new Map<string, ProviderConfig>();
  if (options.builtIn !== undefined) declared.set(options.builtIn.provider, options.builtIn);
  let current = emptyDynamicConfig;
  /** Set while rules are left to be checked. What is received meanwhile is checked with them. */
  let checking: NodeJS.Immediate | undefined;
  const awaited = new Set(options.providers);
  let patience: NodeJS.Timeout | undefined;

  const publish = (): void => {
    // Asked for again when the rules of what came meanwhile have been checked.
    if (checking !== undefined) return;
    const previous = current;
    const next = resolve({
      providers: [...declared.values()],
      entryPoints,
      udpEntryPoints,
      defaultRuleSyntax,
      precedence,
      previous,
    });
    if (next === previous) return;
    current = next;
    onConfig(next);
    logFaults(log, previous.diagnostics, next.diagnostics);
    log.info(
      { version: next.version, routers: next.routers.size, services: next.services.size },
      'Configuration applied.',
    );
  };
  const pacer = createPacer({ run: publish, gapMs: throttleMs });
  const advance = (): void => {
    checking = undefined;
    if (checkNewRules(declared.values())) pacer.request();
    else checking = setImmediate(advance);
  };

  const goOnWithout = (): void => {
    awaited.clear();
    if (checking === undefined) advance();
  };

  return {
    receive(config) {
      if (declared.get(config.provider) === config && current.version > 0) return;
      declared.set(config.provider, config);
      awaited.delete(config.provider);
      if (awaited.size > 0) patience ??= setTimeout(goOnWithout, options.patienceMs ?? defaultPatienceMs);
      else if (checking === undefined) advance();
    },
    current: () => current,
    close() {
      clearTimeout(patience);
      clearImmediate(checking);
      pacer.close();
    },
  };
}

/** More than that in one change is a flood; all of them stand in the API and in the dashboard. */
const maxFaultsLogged = 20;

function logFaults(
  log: Pick<Log, 'warn'>,
  previous: readonly Diagnostic[],
  next: readonly Diagnostic[],
): void {
  if (previous === next) return;
  // Those that are the same objects need not be spelt out: among thousands of faults most are.
  const before = new Set(previous);
  const candidates = next.filter((one) => one.severity !== 'info' && !before.has(one));
  if (candidates.length === 0) return;
  const known = new Set(previous.map(identify));
  const fresh = candidates.filter((one) => !known.has(identify(one)));
  for (const diagnostic of fresh.slice(0, maxFaultsLogged)) {
    log.warn({ diagnostic: shorten(diagnostic) }, cut(diagnostic.message));
  }
  if (fresh.length > maxFaultsLogged) {
    log.warn({ count: fresh.length - maxFaultsLogged }, 'More faults were found: see /api/diagnostics.');
  }
}

/**
 * Longest text of a diagnostic in the log, in characters. A label may hold a megabyte, and a line above 4 KiB can be
 * torn by another thread that writes to the same pipe (PIPE_BUF); the API has it all.
 */
const maxLoggedLength = 200;

function shorten(diagnostic: Diagnostic): object {
  const short = Object.entries(diagnostic).map(([key, value]) => [
    key,
    typeof value === 'string' ? cut(value) : value,
  ]);
  const { kind, name } = diagnostic.object;
  return { ...Object.fromEntries(short), object: { kind, name: cut(name) } };
}

function cut(text: string): string {
  return text.length <= maxLoggedLength ? text : `${text.slice(0, maxLoggedLength)}…`;
}

function identify({ object, container, label, message }: Diagnostic): string {
  return JSON.stringify([object.kind, object.name, container, label, message]);
}
