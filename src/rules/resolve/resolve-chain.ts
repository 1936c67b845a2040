// A chain → the middlewares that it stands for, in their order, those of chains within it in their place. Source: Traefik
// v3.7, pkg/middlewares/chain and pkg/server/middleware.
import type { Middleware } from '../../model/dynamic-config.ts';
import type { ChainOptions } from '../../model/middlewares/chain.ts';
import { qualifyName } from './qualify-name.ts';
import { checkReference, type Lookup, type Suggest } from './reference-table.ts';
import type { Verdict } from './verdict.ts';

/**
 * What a chain may come to. Ten chains that name each other twice are a thousand middlewares, twenty a million: a label must
 * not cost more than it says.
 */
const maxMembers = 100;

/** Qualified names of middlewares that are no chains. What is wrong is added to `verdict`. */
export function resolveChain(
  provider: string,
  options: ChainOptions,
  lookup: Lookup<Middleware>,
  suggest: Suggest,
  verdict: Verdict,
): ChainOptions {
  const members: string[] = [];
  for (const written of options.middlewares) {
    if (written === '') continue;
    const reference = {
      kind: 'middleware',
      key: 'chain.middlewares',
      written,
      qualified: qualifyName(written, provider),
    } as const;
    const target = checkReference(verdict, reference, lookup, suggest);
    if (target?.kind === 'chain') members.push(...target.options.middlewares);
    else if (target !== undefined) members.push(target.name);
    if (members.length > maxMembers) break;
  }
  if (members.length === 0 || members.length > maxMembers) {
    verdict.add({
      severity: 'error',
      code: 'bad-value',
      message:
        members.length === 0
          ? 'The chain leads to no middleware.'
          : `The chain comes to more than ${maxMembers} middlewares.`,
      hint: 'Name the middlewares that it shall run.',
      option: { key: 'chain.middlewares', value: options.middlewares.join(',') },
    });
  }
  return { middlewares: members.slice(0, maxMembers) };
}
