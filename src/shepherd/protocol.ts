// What the first process and those that it starts say to each other, as JSON over Node's IPC channel. The first process may
// be older than the code of the others: these few messages are all that must stay readable.
import type { ListenPlan } from '../model/listen-plan.ts';

/** What the command line asks for, when it is a gateway. */
export type RunPlan = {
  readonly listen: readonly ListenPlan[];
  /** For the process that serves; the first one hands it on unread. */
  readonly settings: unknown;
};

/** The sockets of an address: for each slot the descriptors that all stand for its one socket. */
export type InheritedSockets = {
  readonly entryPoint: string;
  readonly slots: readonly (readonly number[])[];
  /** Of UDP sockets. */
  readonly family?: 4 | 6;
};

/** An address that cannot be listened on, and why. */
export type ListenFault = { readonly entryPoint: string; readonly message: string };

/** What a generation is born with. */
export type GenerationStart = {
  readonly settings: unknown;
  readonly sockets: readonly InheritedSockets[];
  readonly faults: readonly ListenFault[];
  /** Another generation serves: this one listens when it knows all that the other one knows. */
  readonly isSuccessor: boolean;
};

/** First process to generation. */
export type ToGeneration =
  | { readonly type: 'start'; readonly start: GenerationStart }
  /** The successor serves: finish what is under way, and end. */
  | { readonly type: 'retire' }
  /** A successor was wanted and did not come up: go on. */
  | { readonly type: 'stay'; readonly reason: string }
  /** The signal has come: finish what is under way, and end. A second one means at once. */
  | { readonly type: 'end'; readonly signal: string };

/** To the first process. */
export type ToShepherd =
  | { readonly type: 'run'; readonly plan: RunPlan }
  /** It serves on all addresses. */
  | { readonly type: 'ready' }
  /** It wants to be replaced, as by SIGHUP. */
  | { readonly type: 'renew' };
