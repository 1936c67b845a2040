// Explanation: what would become of one request, and why; for `check --explain`, GET /api/explain and the dashboard. Plain
// data without secrets.
import type { ObjectStatus } from './dynamic-config.ts';

/** The request that is asked about. */
export type Question = {
  readonly scheme: 'http' | 'https';
  readonly method: string;
  /** As the Host field would have it, without the port. */
  readonly host: string;
  readonly port: number;
  /** Whether the URL names the port; else it is the scheme's. */
  readonly isPortNamed: boolean;
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the client, without a port. */
  readonly client: string;
  /** The entry point that it comes by; empty: the one that listens on the port. */
  readonly entryPoint: string;
};

/** What becomes of the request. */
export type Outcome = {
  /**
   * forwarded: a replica gets it. answered: the gateway does what was asked of it, such as a redirection. passed-on: a TCP router
   * takes the connection. refused: the client gets `status`. not-heard: nothing listens there.
   */
  readonly kind: 'forwarded' | 'answered' | 'passed-on' | 'refused' | 'not-heard';
  /** What the gateway answers, where it refuses. */
  readonly status?: number;
  /** One sentence. */
  readonly text: string;
  /** What to do about it: a sentence, absent where nothing is to be done. */
  readonly hint?: string;
};

/**
 * What a router says to the request. chosen: it takes it. outranked: it would, but another one is asked first. The others say
 * why it does not.
 */
export type TrialVerdict =
  | 'chosen'
  | 'outranked'
  | 'disabled'
  | 'other-entry-point'
  | 'other-encryption'
  | 'no-match';

/** One router, asked about the request. */
export type RouterTrial = {
  readonly name: string;
  readonly rule: string;
  readonly priority: number;
  readonly verdict: TrialVerdict;
  /** Why, a sentence each. */
  readonly reasons: readonly string[];
};

/** A middleware on the way. */
export type MiddlewareStep = {
  readonly name: string;
  readonly kind: string;
  readonly status: ObjectStatus;
  readonly errors: readonly string[];
};

/** A replica of the service. */
export type ReplicaStep = {
  /** Of its container, else its address. */
  readonly name: string;
  readonly url: string;
  readonly isReady: boolean;
  /** Why it gets no requests; absent where it does. */
  readonly reason?: string;
};

/** The trace of a request through the configuration, as far as it gets. */
export type Explanation = {
  readonly question: Question;
  readonly outcome: Outcome;
  /** The entry point that it comes by, and how that was found. */
  readonly entryPoint?: { readonly name: string; readonly reason: string };
  /** Those that would take it in the order in which they are asked, then those that are nearest to taking it. */
  readonly routers: readonly RouterTrial[];
  /** How many further routers do not take it. */
  readonly otherRouters: number;
  readonly middlewares: readonly MiddlewareStep[];
  readonly service?: {
    readonly name: string;
    readonly status: ObjectStatus;
    readonly errors: readonly string[];
  };
  readonly replicas: readonly ReplicaStep[];
};

/** Whether the request gets where somebody wanted it to get. */
export function isServed({ kind }: Outcome): boolean {
  return kind === 'forwarded' || kind === 'answered' || kind === 'passed-on';
}
