// The schema of all labels below `traefik.` and `berth.`. Decoding, linting and docs/labels.md are made from it.
import { toFieldTree } from '../../lib/field-tree.ts';
import { flag, notYet, optional, section, text } from '../../model/fields.ts';
import { type DynamicTree, dynamicSections } from '../declare/dynamic-schema.ts';

/** Everything that may stand below the root of a label. */
export const labelSchema = section(
  {
    enable: optional(
      flag({ description: 'Whether the container is routed; the provider’s exposedByDefault if absent.' }),
    ),
    docker: optional(
      section(
        {
          network: optional(
            text({ description: 'Network whose address is used; the provider’s `network` if absent.' }),
          ),
          allowNonRunning: optional(
            flag({
              description:
                'Keep router and service while the container is stopped: requests get 503 instead of 404.',
              default: false,
            }),
          ),
          lbSwarm: optional(
            flag({ description: 'Use Swarm’s own load balancer.', default: false, notYet: true }),
          ),
        },
        { description: 'How the container is reached.' },
      ),
    ),
    ...dynamicSections,
    swarm: notYet('Docker Swarm.'),
  },
  { description: 'Labels of a container.' },
);

/** The same, ready for decoding. */
export const labelFields = toFieldTree(labelSchema, 'labels');

/** What decoding by `labelSchema` gives. Maps hold user-chosen names: read them by Object.entries only. */
export type LabelTree = DynamicTree & {
  readonly enable?: boolean;
  readonly docker?: { readonly network?: string; readonly allowNonRunning?: boolean };
};
