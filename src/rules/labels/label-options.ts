// How a provider's labels are read: its options, made ready once.
import type { Constraints } from './compile-constraints.ts';
import type { DefaultRule } from './compile-default-rule.ts';

/** Everything besides the labels that decides what they mean. */
export type LabelOptions = {
  /** What stands behind the @ of qualified names, such as `docker`. */
  readonly provider: string;
  readonly exposedByDefault: boolean;
  readonly defaultRule: DefaultRule;
  readonly constraints: Constraints;
  /** Network whose addresses are used where no label names one; empty for none. */
  readonly network: string;
  readonly useBindPortIP: boolean;
  /** Names of the networks of the gateway's own container; undefined: it runs on the host and reaches all of them. */
  readonly gatewayNetworks: ReadonlySet<string> | undefined;
  /** Where containers in host mode are reached. Default: 127.0.0.1 on the host, else host.docker.internal. */
  readonly hostAddress?: string;
};
