// Serves the built dashboard. Addresses inside the page stand behind `#`, so any other path under it leads to its start.
import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { replyNotFound } from './reply-message.ts';
import { noStore } from './security-headers.ts';

const buildFolder = new URL('../../../ui/dist/', import.meta.url);

/** File names in it hold a hash of their content. */
const hashedAssets = /\/assets\//;

/** The last part of a path, where it has an extension. */
const fileName = /\.\w+(\?.*)?$/;

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Berth</title>
<h1>The dashboard has not been built</h1>
<p>Run <code>npm run prepare</code> in Berth’s folder, then start it again. The API works without it: see
<a href="../api/overview">api/overview</a>.</p></html>
`;

/** Registers everything under `prefix`, which ends in `/dashboard`. `folder` is where the build lies. */
export function registerDashboard(app: FastifyInstance, prefix: string, folder: URL = buildFolder): void {
  const start = `${prefix}/`;
  app.get(prefix, (_request, reply) => reply.redirect(start));
  if (!existsSync(new URL('index.html', folder))) {
    app.get(start, (_request, reply) =>
      reply.code(503).headers(noStore).type('text/html; charset=utf-8').send(notBuilt),
    );
    return;
  }
  app.register(
    async (scope) => {
      scope.setNotFoundHandler((request, reply) =>
        // A missing script answered with a page would only be harder to understand.
        fileName.test(request.url) ? replyNotFound(reply) : reply.redirect(start),
      );
      await scope.register(fastifyStatic, {
        root: folder,
        cacheControl: false,
        setHeaders: (reply, path) =>
          reply.header(
            'cache-control',
            hashedAssets.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
          ),
      });
    },
    { prefix },
  );
}
