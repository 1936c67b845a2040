// The port by which workers bring requests of routers that name a service of the gateway itself. It is bound to the loopback
// address and answers nobody who does not show the key, which only this process and its workers know: whoever can reach the
// port still has to go through a router, with all of its middlewares.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type InternalDoor, type InternalService, internalField } from '../../model/internal-service.ts';

/** Answers a request to one of the services. */
export type InternalAnswer = (
  service: InternalService,
  request: IncomingMessage,
  response: ServerResponse,
) => void;

/** The open port. */
export type OpenInternalDoor = InternalDoor & {
  /** Until this is called everything is answered 503. */
  serve(answer: InternalAnswer): void;
  /** Cuts what is under way. */
  close(): Promise<void>;
};

const services: ReadonlySet<string> = new Set<InternalService>(['api', 'dashboard', 'ping', 'prometheus']);

/** Opens the port on a free number. */
export async function openInternalDoor(maxHeaderSize: number): Promise<OpenInternalDoor> {
  const key = randomBytes(32).toString('base64url');
  let answer: InternalAnswer | undefined;
  const server = createServer({ maxHeaderSize }, (request, response) => {
    const service = admit(request.headers[internalField.toLowerCase()], key);
    if (service === undefined) response.writeHead(403).end();
    else if (answer === undefined) response.writeHead(503).end();
    else answer(service, request, response);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    key,
    serve(next) {
      answer = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The service that is asked for; undefined where the key is another one. */
function admit(field: string | readonly string[] | undefined, key: string): InternalService | undefined {
  const [shown = '', service = ''] = typeof field === 'string' ? field.split(' ') : [];
  const given = Buffer.from(shown);
  const wanted = Buffer.from(key);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  return services.has(service) ? (service as InternalService) : undefined;
}
