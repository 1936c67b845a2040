// An exchange for tests of single parts, with defaults for everything that a test does not speak of.
import {
  createRequestReader,
  type IncomingExchange,
  type IncomingHead,
} from '../../../src/data-plane/exchange/read-request.ts';
import type { EntryPoint } from '../../../src/model/startup.ts';
import { defaultEntryPoint } from '../../support/gateway.ts';

export type HeadDraft = Partial<Omit<IncomingHead, 'rawHeaders'>> & {
  readonly fields?: Readonly<Record<string, string>>;
  readonly host?: string;
};

/** Reads a request head as the lane would give it. */
export function readExchange(draft: HeadDraft = {}, entryPoint: Partial<EntryPoint> = {}): IncomingExchange {
  const { fields = {}, host = 'example.com', ...head } = draft;
  return createRequestReader(
    { ...defaultEntryPoint, ...entryPoint },
    'gateway-1',
  )({
    method: 'GET',
    target: '/',
    httpVersion: '1.1',
    clientAddress: '192.0.2.7',
    clientPort: 4711,
    isTls: false,
    hasBody: false,
    canUpgrade: false,
    ...head,
    rawHeaders: ['Host', host, ...Object.entries(fields).flat()],
  });
}

/** An exchange with its path and query set, as middlewares get it from decide. */
export function makeExchange(draft: HeadDraft = {}): IncomingExchange {
  const exchange = readExchange(draft);
  const [path = '/', query] = (draft.target ?? '/').split('?');
  exchange.path = path;
  exchange.query = query === undefined ? '' : `?${query}`;
  return exchange;
}
