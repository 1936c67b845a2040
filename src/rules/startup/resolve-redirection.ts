// Where an entry point sends its clients (Traefik v3.7, pkg/provider/traefik/internal.go, redirection). Pure.
import { nearestName } from '../../lib/nearest.ts';
import type { EntryPointOptions } from '../../model/entry-point-config.ts';
import type { EntryPoint, Redirection } from '../../model/startup.ts';
import type { StartupFault } from './startup-fault.ts';

/** Undefined where nothing is redirected, or the target does not exist; that is pushed to `faults`. */
export function resolveRedirection(
  name: string,
  options: Partial<EntryPointOptions> | undefined,
  entryPoints: readonly Pick<EntryPoint, 'name' | 'port'>[],
  faults: StartupFault[],
): Redirection | undefined {
  const redirections = options?.http?.redirections;
  if (redirections === undefined) return undefined;
  const { to = '', scheme, permanent, priority } = redirections.entryPoint ?? {};
  const port = portOf(to, entryPoints);
  if (port === undefined) {
    const near = nearestName(
      to,
      entryPoints.map((one) => one.name),
    );
    faults.push({
      severity: 'error',
      source: `entryPoints.${name}.http.redirections.entryPoint.to`,
      message:
        to === ''
          ? 'A redirection needs the entry point that it leads to.'
          : `There is no entry point ${JSON.stringify(to)} to redirect to.`,
      hint:
        near === undefined
          ? 'Write the name of an entry point, or a port such as :443.'
          : `Did you mean ${near}?`,
    });
    return undefined;
  }
  return {
    to,
    port,
    scheme: scheme ?? 'https',
    permanent: permanent ?? true,
    ...(priority === undefined || priority === 0 ? {} : { priority }),
  };
}

function portOf(to: string, entryPoints: readonly Pick<EntryPoint, 'name' | 'port'>[]): string | undefined {
  const written = /^:(\d+)$/.exec(to)?.[1];
  return written ?? entryPoints.find(({ name }) => name === to)?.port.toString();
}
