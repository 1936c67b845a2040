// What every object of the configuration shows of itself, and what routers of HTTP and TCP have in common. Pure.
import type { Router, TcpRouter } from '../../../model/dynamic-config.ts';
import type { Diagnostic, Status } from '../../../model/view.ts';

type Shown = {
  readonly name: string;
  readonly provider: string;
  readonly status: Status;
  readonly errors: readonly string[];
  readonly origins: readonly string[];
};

/** Traefik leaves `error` out where there is none. */
export function objectParts(
  { name, provider, status, errors, origins }: Shown,
  diagnostics: readonly Diagnostic[],
) {
  return {
    name,
    provider,
    status,
    ...(errors.length === 0 ? {} : { error: errors }),
    origins,
    diagnostics,
  };
}

/** A disabled router uses no entry point. */
export function entryPointParts({ entryPoints, status }: Pick<Router, 'entryPoints' | 'status'>) {
  return { entryPoints, using: status === 'disabled' ? [] : entryPoints };
}

/** Of a router that has a rule. */
export function ruleParts({ rule, ruleSyntax, priority, middlewares }: Router | TcpRouter) {
  return {
    ...(middlewares.length === 0 ? {} : { middlewares }),
    rule,
    ruleSyntax,
    priority,
    priorityStr: String(priority),
  };
}
