// What went wrong between the gateway and the Engine, for people: one sentence, and what to do.

/** One sentence each. */
export type EngineFault = {
  readonly message: string;
  readonly hint: string;
};

/** Explains an error of a connection, of dockerode (`statusCode`) or of our own. Holds no credentials. */
export function explainEngineFault(error: unknown, endpoint: string): EngineFault {
  const { code, statusCode, message } = readError(error);
  const place = withoutCredentials(endpoint);
  switch (code ?? statusCode) {
    case 'ENOENT':
      return {
        message: `There is no Docker socket at ${place}.`,
        hint: 'Mount it into the container: -v /var/run/docker.sock:/var/run/docker.sock:ro',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        message: `The gateway may not open ${place}.`,
        hint: 'Run it with the group that owns the socket (group_add in compose), or through a socket proxy.',
      };
    case 'ECONNREFUSED':
      return {
        message: `Nothing listens at ${place}.`,
        hint: 'Start the Docker Engine; the gateway keeps trying.',
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        message: `The host of ${place} is not known.`,
        hint: 'Correct providers.docker.endpoint, or the name service of the gateway.',
      };
    case 401:
      return {
        message: `${place} asks for credentials, or refuses these.`,
        hint: 'Set providers.docker.username and providers.docker.password.',
      };
    case 403:
      return {
        message: `${place} forbids the request.`,
        hint: 'A socket proxy must allow reading containers, events and version (CONTAINERS=1, EVENTS=1, VERSION=1).',
      };
    default:
      return {
        message: `The Docker Engine at ${place} failed: ${message}`,
        hint: 'Look at the log of the Docker Engine; the gateway keeps trying.',
      };
  }
}

/** `https://user:pass@host` is written without its credentials. */
function withoutCredentials(endpoint: string): string {
  return endpoint.replace(/\/\/[^/@]*@/, '//');
}

function readError(error: unknown): {
  code: string | undefined;
  statusCode: number | undefined;
  message: string;
} {
  if (!(error instanceof Error)) return { code: undefined, statusCode: undefined, message: `${error}.` };
  const code: unknown = Reflect.get(error, 'code');
  const statusCode: unknown = Reflect.get(error, 'statusCode');
  return {
    code: typeof code === 'string' ? code : undefined,
    statusCode: typeof statusCode === 'number' ? statusCode : undefined,
    message: error.message.trim().replace(/\.?$/, '.'),
  };
}
