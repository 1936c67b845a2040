// errors: answers of some statuses are replaced by pages of another service (Traefik pkg/middlewares/customerrors).
import { compileStatusTest, parseStatusRange } from '../../../lib/status-ranges.ts';
import type { ErrorsOptions } from '../../../model/middlewares/errors.ts';
import { type StageMiddleware, toMiddleware } from '../stage.ts';
import { PageInstead, type PagePlan } from './page-instead.ts';
import { compilePageRequest } from './page-request.ts';

/** Gives pages instead of errors (Traefik v3.7 "Errors"). `service` is a qualified name. */
export function compileErrors(options: ErrorsOptions): StageMiddleware {
  const plan: PagePlan = {
    isReplaced: compileStatusTest(options.status ?? []),
    rewrite: compileRewrite(options.statusRewrites ?? {}),
    service: options.service,
    toPageRequest: compilePageRequest(options.query ?? '', options.errorRequestHeaders),
  };
  return toMiddleware((request, handler, inward) => new PageInstead(plan, request, handler, inward).send());
}

/** The narrowest range that has a status says what becomes of it. */
function compileRewrite(rewrites: Readonly<Record<string, string>>): (status: number) => number {
  const rules = Object.entries(rewrites).flatMap(([text, to]) => {
    const range = parseStatusRange(text);
    return range === undefined ? [] : [{ from: range[0], to: range[1], status: Number(to) }];
  });
  rules.sort((one, other) => one.to - one.from - (other.to - other.from));
  return (status) => rules.find(({ from, to }) => status >= from && status <= to)?.status ?? status;
}
