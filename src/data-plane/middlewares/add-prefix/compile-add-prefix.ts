// addPrefix: puts a prefix in front of the path (Traefik pkg/middlewares/addprefix).
import type { AddPrefixOptions } from '../../../model/middlewares/add-prefix.ts';
import { escapePath } from '../escape-path.ts';
import type { HeadMiddleware } from '../exchange.ts';

/** Puts a prefix in front of the path (Traefik v3.7 "AddPrefix"). */
export function compileAddPrefix({ prefix }: AddPrefixOptions): HeadMiddleware {
  const escaped = escapePath(prefix.startsWith('/') ? prefix : `/${prefix}`);
  return (exchange) => {
    exchange.path = escaped + exchange.path;
    return undefined;
  };
}
