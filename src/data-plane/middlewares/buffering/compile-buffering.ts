// buffering: requests and answers are read whole before they pass on (Traefik pkg/middlewares/buffering).
import { type BufferingOptions, defaultMemBodyBytes } from '../../../model/middlewares/buffering.ts';
import { type StageMiddleware, toMiddleware } from '../stage.ts';
import { Buffering, type BufferingPlan } from './buffering.ts';
import { compileRetryTest } from './compile-retry-test.ts';

/** Buffers bodies and limits them (Traefik v3.7 "Buffering"). */
export function compileBuffering(options: BufferingOptions): StageMiddleware {
  const { memRequestBodyBytes = defaultMemBodyBytes, memResponseBodyBytes = defaultMemBodyBytes } = options;
  const plan: BufferingPlan = {
    request: { max: limitOf(options.maxRequestBodyBytes), mem: memRequestBodyBytes },
    answer: { max: limitOf(options.maxResponseBodyBytes), mem: memResponseBodyBytes },
    isRepeated: compileRetryTest(options.retryExpression ?? ''),
  };
  return toMiddleware((request, handler, inward) => new Buffering(plan, request, handler, inward).send());
}

function limitOf(bytes = 0): number {
  return bytes > 0 ? bytes : Infinity;
}
