// All that is compared: what the wire lane reads with llhttp, what HTTP/2 reads with what was meant.
import type { Choices } from './choices.ts';
import { checkBrokenConnection, checkConnection, generateConnection } from './http2-sessions.ts';
import { checkRequests, chunkedBody, generateRequests } from './requests.ts';
import { checkResponse, generateResponse } from './responses.ts';

/** One comparison: makes an input and fails when it is read in two ways. */
export type Subject = {
  readonly name: string;
  /** A run takes ten times as long as others: tests make fewer. */
  readonly isSlow?: boolean;
  run(choices: Choices): void;
};

const chunkedHead = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';

export const subjects: readonly Subject[] = [
  { name: 'requests', run: (choices) => inspect(generateRequests(choices), choices, checkRequests) },
  {
    name: 'chunked bodies',
    run: (choices) =>
      inspect(Buffer.from(chunkedHead + chunkedBody(choices), 'latin1'), choices, checkRequests),
  },
  { name: 'responses', run: (choices) => inspect(generateResponse(choices), choices, checkResponse) },
  {
    name: 'connections of HTTP/2',
    isSlow: true,
    run(choices) {
      const { bytes, stories } = generateConnection(choices);
      inspect(Buffer.from(bytes, 'latin1'), choices, () => checkConnection(bytes, stories, choices));
    },
  },
  { name: 'broken connections of HTTP/2', isSlow: true, run: checkBrokenConnection },
];

/** A failure names its input. */
function inspect(bytes: Buffer, choices: Choices, check: (bytes: Buffer, choices: Choices) => void): void {
  try {
    check(bytes, choices);
  } catch (error) {
    throw new Error(`Read in two ways: ${JSON.stringify(bytes.toString('latin1'))}`, { cause: error });
  }
}
