// An endpoint as the HTTP provider asks it, under the tests' control.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type ConfigEndpoint = AsyncDisposable & {
  readonly url: string;
  /** What it was asked, the latest last. */
  readonly requests: IncomingMessage[];
  /** How the next requests are answered. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
};

/** Listens on a free port; with `tls` by HTTPS. */
export async function openConfigEndpoint(
  answer: ConfigEndpoint['answer'],
  tls?: { readonly cert: string; readonly key: string },
): Promise<ConfigEndpoint> {
  const requests: IncomingMessage[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(request);
    endpoint.answer(request, response);
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint: ConfigEndpoint = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return endpoint;
}
