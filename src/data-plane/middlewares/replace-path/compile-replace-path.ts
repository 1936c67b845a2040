// replacePath: another path, with the old one in X-Replaced-Path (Traefik pkg/middlewares/replacepath).
import type { ReplacePathOptions } from '../../../model/middlewares/replace-path.ts';
import { escapePath } from '../escape-path.ts';
import type { HeadMiddleware } from '../exchange.ts';

/** Replaces the path (Traefik v3.7 "ReplacePath"). The query stays. */
export function compileReplacePath({ path }: ReplacePathOptions): HeadMiddleware {
  const escaped = escapePath(path.startsWith('/') ? path : `/${path}`);
  return (exchange) => {
    exchange.fields.push('X-Replaced-Path', exchange.path);
    exchange.path = escaped;
    return undefined;
  };
}
