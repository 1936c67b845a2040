// The cache's keys, named once: pages read by them, live events patch by them.
import type { ExplainQuery, ListQuery } from './api.ts';

/** Keys of every query. A list's key begins with its noun, so that all its pages can be addressed at once. */
export const queryKeys = {
  overview: ['overview'],
  version: ['version'],
  entryPoints: ['entrypoints'],
  diagnostics: ['diagnostics'],
  replicas: ['replicas'],
  routerLists: ['routers'],
  serviceLists: ['services'],
  serviceDetails: ['service'],
  routers: (query: ListQuery) => ['routers', query],
  services: (query: ListQuery) => ['services', query],
  middlewares: (query: ListQuery) => ['middlewares', query],
  tcpRouters: (query: ListQuery) => ['tcp routers', query],
  tcpMiddlewares: (query: ListQuery) => ['tcp middlewares', query],
  udpRouters: (query: ListQuery) => ['udp routers', query],
  udpServices: (query: ListQuery) => ['udp services', query],
  tcpServices: (query: ListQuery) => ['tcp services', query],
  router: (name: string) => ['router', name],
  service: (name: string) => ['service', name],
  middleware: (name: string) => ['middleware', name],
  explanation: (query: ExplainQuery) => ['explanation', query],
} as const;
