// All providers that are configured. What is not configured is not loaded.
import type { StartupConfig } from '../../model/startup.ts';
import type { Provider, ProviderIo } from './provider.ts';

/** Creates them; nothing is read before their `start`. */
export async function createProviders(
  { docker, file, http, redis }: StartupConfig,
  io: ProviderIo,
): Promise<readonly Provider[]> {
  const providers: Provider[] = [];
  if (docker !== undefined) {
    const { createDockerProvider } = await import('./docker/create-docker-provider.ts');
    providers.push(createDockerProvider({ ...io, options: docker }));
  }
  if (file !== undefined) {
    const { createFileProvider } = await import('./file/create-file-provider.ts');
    providers.push(createFileProvider({ ...io, options: file }));
  }
  if (http !== undefined) {
    const { createHttpProvider } = await import('./http/create-http-provider.ts');
    providers.push(createHttpProvider({ ...io, options: http }));
  }
  if (redis !== undefined) {
    const { createRedisProvider } = await import('./redis/create-redis-provider.ts');
    providers.push(createRedisProvider({ ...io, options: redis }));
  }
  return providers;
}
