// The last step of routers that lead to a service of the gateway itself (Traefik v3.7, pkg/server/service/internalhandler.go).
import { setField } from '../../lib/header-fields.ts';
import { internalField, isInternalService } from '../../model/internal-service.ts';
import type { Answer, HeadMiddleware } from '../middlewares/exchange.ts';

/**
 * Undefined for services of providers. `noop` answers by itself, as a teapot; for the others the control plane is told which one
 * is meant, and by `key` that one of its own workers asks.
 */
export function compileInternalStep(service: string, key: string): HeadMiddleware | undefined {
  if (!isInternalService(service)) return undefined;
  const [name] = service.split('@', 1);
  if (name === 'noop') return () => teapot();
  const value = `${key} ${name}`;
  return (exchange) => void setField(exchange.fields, internalField, value);
}

function teapot(): Answer {
  return { status: 418, fields: [], body: '' };
}
