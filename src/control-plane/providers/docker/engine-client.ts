// The four requests that the gateway makes of the Engine, all of them reading: version, list, inspect, events. The only
// file that knows dockerode.
import { StringDecoder } from 'node:string_decoder';
import Docker from 'dockerode';
import type { DockerProvider } from '../../../model/startup.ts';
import { type ContainerFacts, factsFromInspected, factsFromListed } from './container-facts.ts';
import { toEngineAddress } from './engine-address.ts';
import { isContainerList, isInspected } from './engine-answers.ts';
import { containerActions, type EngineEvent, networkActions, parseEngineEvent } from './engine-event.ts';

/** One connection to an Engine. */
export type EngineClient = {
  /** All containers, running or not. */
  list(): Promise<readonly ContainerFacts[]>;
  /** One container; undefined when there is none of that id. */
  inspect(id: string): Promise<ContainerFacts | undefined>;
  /**
   * Opens the event stream; resolves once the Engine has accepted it. Events that arrive together are given together.
   * `ended` resolves, with the reason, when nothing more will come.
   */
  events(onEvents: (events: readonly EngineEvent[]) => void): Promise<{ readonly ended: Promise<Error> }>;
  /** Ends everything: pending requests fail, the stream ends. */
  close(): void;
};

/** The newest API version of which this file knows what the answers mean; the Engine may be older or newer. */
const preferredVersion = '1.47';

/** A request without an answer for that long is given up, if the user has set no limit: the Engine hangs. */
const defaultTimeoutMs = 60_000;

/** Connects and agrees on an API version. Throws what stands in the way. */
export async function connectEngine(provider: DockerProvider): Promise<EngineClient> {
  const address = toEngineAddress(provider);
  const closing = new AbortController();
  const timeoutMs = provider.httpClientTimeoutMs || defaultTimeoutMs;
  const docker = new Docker(address.options);

  /** Gives a request up when it takes too long or the client is closed: docker-modem itself can wait for ever. */
  const limited = async <T>(request: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => {
      aborted.reject(
        closing.signal.aborted
          ? new Error('The connection was closed.')
          : new Error(`The Engine did not answer within ${timeoutMs / 1_000} s.`),
      );
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([request(signal), aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };

  const client: EngineClient = {
    list: () =>
      limited(async (abortSignal) => {
        const rows: unknown = await docker.listContainers({ all: true, abortSignal });
        if (!isContainerList(rows)) throw new Error('The list of containers is not what an Engine sends.');
        return rows.map(factsFromListed);
      }),
    inspect: (id) =>
      limited(async (abortSignal) => {
        try {
          const info: unknown = await docker.getContainer(id).inspect({ abortSignal });
          if (!isInspected(info)) throw new Error('The inspection is not what an Engine sends.');
          return factsFromInspected(info);
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
          throw error;
        }
      }),
    async events(onEvents) {
      const stream = await limited(() => openStream(docker, closing.signal));
      return { ended: readEvents(stream, onEvents) };
    },
    close() {
      closing.abort();
      address.close();
    },
  };
  try {
    const version = await limited(() => agreeOnVersion(docker));
    if (version !== undefined) Object.assign(docker.modem, { version: `v${version}` });
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Undefined where a socket proxy forbids /version: paths without a version get the Engine's own. */
async function agreeOnVersion(docker: Docker): Promise<string | undefined> {
  try {
    const { ApiVersion, MinAPIVersion } = await docker.version();
    if (typeof ApiVersion !== 'string')
      throw new Error('The answer to /version is not what an Engine sends.');
    if (compareVersions(ApiVersion, preferredVersion) < 0) return ApiVersion;
    if (typeof MinAPIVersion === 'string' && compareVersions(MinAPIVersion, preferredVersion) > 0) {
      return MinAPIVersion;
    }
    return preferredVersion;
  } catch (error) {
    if (statusOf(error) === 403 || statusOf(error) === 404) return undefined;
    throw error;
  }
}

function compareVersions(one: string, other: string): number {
  const [a = 0, b = 0] = one.split('.').map(Number);
  const [c = 0, d = 0] = other.split('.').map(Number);
  return a - c || b - d;
}

function statusOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'statusCode') : undefined;
}

function openStream(docker: Docker, abortSignal: AbortSignal): Promise<NodeJS.ReadableStream> {
  return docker.getEvents({
    abortSignal,
    filters: { type: ['container', 'network'], event: [...containerActions, ...networkActions] },
  });
}

/** Longer lines are no events; it bounds the memory. */
const maxLineLength = 1_000_000;

function readEvents(
  stream: NodeJS.ReadableStream,
  onEvents: (events: readonly EngineEvent[]) => void,
): Promise<Error> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maxLineLength) rest = '';
      const events = lines.map(parseEngineEvent).filter((event) => event !== undefined);
      if (events.length > 0) onEvents(events);
    });
    stream.once('error', (error: Error) => resolve(error));
    for (const word of ['end', 'close']) {
      stream.once(word, () => resolve(new Error('The Engine ended the event stream.')));
    }
  });
}
