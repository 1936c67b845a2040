// All that is compared with llhttp.
import type { Choices } from './choices.ts';
import { checkRequests, chunkedBody, generateRequests } from './requests.ts';
import { checkResponse, generateResponse } from './responses.ts';

/** One comparison: makes an input and fails when it is read in two ways. */
export type Subject = { readonly name: string; run(choices: Choices): void };

const chunkedHead = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';

export const subjects: readonly Subject[] = [
  { name: 'requests', run: (choices) => inspect(generateRequests(choices), choices, checkRequests) },
  {
    name: 'chunked bodies',
    run: (choices) =>
      inspect(Buffer.from(chunkedHead + chunkedBody(choices), 'latin1'), choices, checkRequests),
  },
  { name: 'responses', run: (choices) => inspect(generateResponse(choices), choices, checkResponse) },
];

/** A failure names its input. */
function inspect(bytes: Buffer, choices: Choices, check: (bytes: Buffer, choices: Choices) => void): void {
  try {
    check(bytes, choices);
  } catch (error) {
    throw new Error(`Read in two ways: ${JSON.stringify(bytes.toString('latin1'))}`, { cause: error });
  }
}
