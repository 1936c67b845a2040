// Snapshot: the compiled twin of one DynamicConfig. It is replaced as a whole; a request keeps the one it began with.
import type { BalancedService, Composite } from '../../model/dynamic-config.ts';
import type { EncodedCharactersOptions } from '../../model/encoded-characters.ts';
import type { EntryPoint } from '../../model/startup.ts';
import type { Candidate } from '../../rules/balancing/candidate.ts';
import type { ConnectionHead } from '../../rules/routing/compile-tcp-rule.ts';
import type { RequestHead } from '../../rules/routing/request-head.ts';
import type { LiveComposite } from '../live-state/live-composite.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';
import type { LiveService } from '../live-state/live-service.ts';
import type { MirrorRoom } from '../live-state/mirror-room.ts';
import type { HeadMiddleware } from '../middlewares/exchange.ts';
import type { TcpGate } from '../middlewares/tcp/compile-tcp-middleware.ts';
import type { Sticky } from './sticky.ts';

/** A service, with references into live state. */
export type CompiledService = CompiledBalancer | CompiledComposite;

type CompiledCommon = {
  readonly name: string;
  /** Only the complete lane can reach all of its replicas: some of them do not speak HTTP/1.1. */
  readonly needsCompleteLane: boolean;
  /** It, or a service that it leads to, keeps its clients by a cookie. */
  readonly setsCookies: boolean;
  /** It, or a service that it leads to, does more than choose: requests go to it through `lanes/send-through`. */
  readonly isStaged: boolean;
};

/** A service that has replicas. */
export type CompiledBalancer = CompiledCommon & {
  readonly kind: 'loadBalancer';
  readonly passHostHeader: boolean;
  readonly strategy: BalancedService['strategy'];
  readonly live: LiveService;
  /** Undefined where clients are not kept on one replica. */
  readonly sticky: Sticky<LiveReplica> | undefined;
};

/** A service over services. */
export type CompiledComposite = CompiledCommon & {
  readonly kind: Composite['kind'];
  /** Those that may get requests, in the order in which they are written. */
  readonly members: readonly CompiledMember[];
  /** Members of which no replica is ready are passed over. */
  readonly followsHealth: boolean;
  readonly live: LiveComposite;
  /** Undefined where clients are not kept on one member. */
  readonly sticky: Sticky<CompiledMember> | undefined;
  /** Of `mirroring` alone. */
  readonly mirrors: CompiledMirrors | undefined;
};

/** Who gets copies of requests. */
export type CompiledMirrors = {
  /** Qualified names of the services that get a copy of the next request, which it counts. */
  next(): readonly string[];
  readonly copiesBodies: boolean;
  /** Requests with more are not copied. */
  readonly maxBodyBytes: number;
  readonly room: MirrorRoom;
};

/** A member of a service; its id is its name as written. */
export type CompiledMember = Candidate & { readonly service: CompiledService };

/** A router whose middlewares have been composed and whose service has been looked up. */
export type CompiledRouter = {
  readonly name: string;
  /** In the order in which they run. */
  readonly chain: readonly HeadMiddleware[];
  /** Its middlewares of that kind, which stand in no chain: the path is judged before any other runs. Absent: none. */
  readonly encodedCharacters?: readonly EncodedCharactersOptions[];
  /** Absent when the service is not configured. */
  readonly service: CompiledService | undefined;
  readonly serviceName: string;
  /** Its requests are handed over before any middleware runs. Fixed when the snapshot is compiled. */
  readonly needsCompleteLane: boolean;
  /** Undefined: the entry point decides. */
  readonly accessLogs: boolean | undefined;
  readonly metrics: boolean | undefined;
  /** Undefined: nothing limits. */
  readonly timeouts?: Timeouts | undefined;
};

/** Time limits towards replicas, in milliseconds; infinite where there is none. */
export type Timeouts = {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
};

/** The routers of one entry point: finds the one that takes a request. */
export type RouterTable = {
  /** The first router by priority whose rule takes the request. */
  match(head: RequestHead): CompiledRouter | undefined;
};

/** A TCP router. */
export type CompiledTcpRouter = {
  readonly name: string;
  readonly serviceName: string;
  /** What becomes of TLS: there is none; it ends here; it ends at the replica. */
  readonly tls: 'none' | 'terminate' | 'passthrough';
  /** Its middlewares in a row: asked once for each connection. */
  readonly gate: TcpGate;
  /** The service as it is now; undefined when it is not configured. */
  readonly service: () => LiveService | undefined;
};

/** The TCP routers of one entry point, and what they leave to HTTP. */
export type TcpTable = {
  /** False: a connection can be routed as soon as it stands, so that servers which speak first are heard. */
  needsFirstBytes(): boolean;
  /** For a connection without TLS; undefined: HTTP takes it. */
  matchPlain(head: ConnectionHead): CompiledTcpRouter | undefined;
  /** For a connection with TLS; undefined: HTTPS takes it. */
  matchTls(head: ConnectionHead): CompiledTcpRouter | undefined;
  /** For a connection that cannot be HTTPS, because it was something else before TLS. */
  matchStartTls(head: ConnectionHead): CompiledTcpRouter | undefined;
};

/** A UDP router. */
export type CompiledUdpRouter = Pick<CompiledTcpRouter, 'name' | 'serviceName' | 'service'>;

/** What one entry point serves by. */
export type EntryPointSnapshot = {
  readonly entryPoint: EntryPoint;
  /** Of plain connections: routers with `tls` are not in it. */
  readonly routers: RouterTable;
  /** Of encrypted ones: only routers with `tls` are in it. */
  readonly tlsRouters: RouterTable;
  /** A service by its qualified name, as it is configured now; undefined when it is not. */
  readonly service: (name: string) => CompiledService | undefined;
  /** Absent where it has no TCP router. */
  readonly tcp?: TcpTable | undefined;
};

/** One version of the configuration, compiled. A request keeps the one that it began with. */
export type Snapshot = {
  /** 0 until the first configuration has come. */
  readonly version: number;
  readonly entryPoints: ReadonlyMap<string, EntryPointSnapshot>;
  /** The routers that take the datagrams of UDP entry points. */
  readonly udpRouters: ReadonlyMap<string, CompiledUdpRouter>;
};
