// Says in one sentence why a probe failed. Node's codes become words once, here.

const sentences: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'The connection was refused.'],
  ['ECONNRESET', 'The connection was reset.'],
  ['EPIPE', 'The connection was closed.'],
  ['UND_ERR_SOCKET', 'The connection was closed before an answer came.'],
  ['EHOSTUNREACH', 'The host cannot be reached.'],
  ['ENETUNREACH', 'The network cannot be reached.'],
  ['ENOTFOUND', 'The name of the host cannot be resolved.'],
  ['EAI_AGAIN', 'The name of the host cannot be resolved now.'],
  ['UND_ERR_CONNECT_TIMEOUT', 'The connection could not be opened in time.'],
  ['ETIMEDOUT', 'The connection could not be opened in time.'],
  ['HPE_INVALID_CONSTANT', 'It does not speak HTTP.'],
  ['ERR_HTTP2_ERROR', 'It does not speak HTTP/2.'],
]);

/** Longest text taken over from an error: the replica may have had a say in it. */
const maxLength = 200;

/** One sentence; a text from elsewhere is cut. */
export function describeFailure(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'The probe failed.';
  if (error.name === 'TimeoutError') return `There was no answer within ${timeoutMs} ms.`;
  const { code } = error as NodeJS.ErrnoException;
  const sentence = code === undefined ? undefined : sentences.get(code);
  return sentence ?? error.message.slice(0, maxLength);
}
