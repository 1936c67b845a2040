// Whom a limit counts a request for (Traefik v3.7 "sourceCriterion", pkg/middlewares/extractor.go).
import { fieldOf } from '../../lib/header-fields.ts';
import type { SourceCriterionOptions } from '../../model/middlewares/source-criterion.ts';
import { compileClientOf } from './client-of.ts';
import type { Exchange } from './exchange.ts';

/** The source of a request; requests that say nothing share the empty one, as in Traefik. */
export type SourceOf = (exchange: Exchange) => string;

/** Compiles a criterion; one that says nothing means `fallback`. */
export function compileSourceOf(
  criterion: SourceCriterionOptions | undefined,
  fallback: 'host' | 'client',
): SourceOf {
  const { ipStrategy, requestHeaderName = '', requestHost = false } = criterion ?? {};
  if (ipStrategy !== undefined) return compileClientOf(ipStrategy);
  if (requestHeaderName !== '') {
    const name = requestHeaderName.toLowerCase();
    return name === 'host' ? hostOf : ({ fields }) => fieldOf(fields, name) ?? '';
  }
  return requestHost || fallback === 'host' ? hostOf : compileClientOf();
}

function hostOf({ host }: Exchange): string {
  return host;
}
