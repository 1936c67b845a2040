// One hook per query. Live events keep the caches true, so nothing is polled and nothing goes stale by time.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReplicaView } from '../../src/model/view.ts';
import type { ExplainQuery, ListQuery } from './api.ts';
import * as api from './api.ts';
import { groupByService } from './logic/readiness.ts';
import { queryKeys } from './query-keys.ts';

/** Counts, providers, version of the configuration. */
export const useOverview = () => useQuery({ queryKey: queryKeys.overview, queryFn: api.getOverview });
/** The gateway's version. */
export const useVersion = () => useQuery({ queryKey: queryKeys.version, queryFn: api.getVersion });
/** Entry points. */
export const useEntryPoints = () =>
  useQuery({ queryKey: queryKeys.entryPoints, queryFn: api.getEntryPoints });
/** All diagnostics. */
export const useDiagnostics = () =>
  useQuery({ queryKey: queryKeys.diagnostics, queryFn: api.getDiagnostics });
/** All replicas. */
export const useReplicas = () => useQuery({ queryKey: queryKeys.replicas, queryFn: api.getReplicas });

/** All replicas by the qualified name of their service; computed once per change of the list. */
export const useReplicasByService = () =>
  useQuery({ queryKey: queryKeys.replicas, queryFn: api.getReplicas, select: selectByService });
// A stable function, so that TanStack Query runs it again only when the list has changed.
const selectByService = (replicas: readonly ReplicaView[]) => groupByService(replicas);

/** One page of routers; the page before stays shown while it loads. */
export const useRouters = (query: ListQuery, enabled = true) =>
  useQuery({
    queryKey: queryKeys.routers(query),
    queryFn: () => api.getRouters(query),
    placeholderData: keepPreviousData,
    enabled,
  });
/** One page of services. */
export const useServices = (query: ListQuery, enabled = true) =>
  useQuery({
    queryKey: queryKeys.services(query),
    queryFn: () => api.getServices(query),
    placeholderData: keepPreviousData,
    enabled,
  });
/** One page of middlewares. */
export const useMiddlewares = (query: ListQuery, enabled = true) =>
  useQuery({
    queryKey: queryKeys.middlewares(query),
    queryFn: () => api.getMiddlewares(query),
    placeholderData: keepPreviousData,
    enabled,
  });
/** One page of TCP routers. */
export const useTcpRouters = (query: ListQuery) =>
  useQuery({
    queryKey: queryKeys.tcpRouters(query),
    queryFn: () => api.getTcpRouters(query),
    placeholderData: keepPreviousData,
  });
/** One page of TCP services. */
export const useTcpServices = (query: ListQuery) =>
  useQuery({
    queryKey: queryKeys.tcpServices(query),
    queryFn: () => api.getTcpServices(query),
    placeholderData: keepPreviousData,
  });
/** One page of TCP middlewares. */
export const useTcpMiddlewares = (query: ListQuery) =>
  useQuery({
    queryKey: queryKeys.tcpMiddlewares(query),
    queryFn: () => api.getTcpMiddlewares(query),
    placeholderData: keepPreviousData,
  });
/** One page of UDP routers. */
export const useUdpRouters = (query: ListQuery) =>
  useQuery({
    queryKey: queryKeys.udpRouters(query),
    queryFn: () => api.getUdpRouters(query),
    placeholderData: keepPreviousData,
  });
/** One page of UDP services. */
export const useUdpServices = (query: ListQuery) =>
  useQuery({
    queryKey: queryKeys.udpServices(query),
    queryFn: () => api.getUdpServices(query),
    placeholderData: keepPreviousData,
  });
/** One router by its qualified name. */
export const useRouter = (name: string) =>
  useQuery({ queryKey: queryKeys.router(name), queryFn: () => api.getRouter(name) });
/** One service by its qualified name. */
export const useService = (name: string) =>
  useQuery({ queryKey: queryKeys.service(name), queryFn: () => api.getService(name) });
/** One middleware by its qualified name. */
export const useMiddleware = (name: string) =>
  useQuery({ queryKey: queryKeys.middleware(name), queryFn: () => api.getMiddleware(name) });
/** What would become of a request, as the gateway is at this moment; asked once there is a URL, and again on every look. */
export const useExplanation = (query: ExplainQuery) =>
  useQuery({
    queryKey: queryKeys.explanation(query),
    queryFn: () => api.getExplanation(query),
    enabled: query.url !== '',
    staleTime: 0,
  });
