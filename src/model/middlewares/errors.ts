// Options of the errors middleware. Source: Traefik v3.7 "Errors".
import type { Static } from 'typebox';
import { optional, section, text, textList, textMap } from '../fields.ts';

/** As labels and files write it. */
export const errorsSchema = section(
  {
    status: optional(
      textList({ description: 'Statuses whose answer is replaced, such as 404 or 500-599; none if absent.' }),
    ),
    statusRewrites: optional(
      textMap({
        description: 'Status that the client gets instead, by status or range of them: 418 or 500-504.',
      }),
    ),
    service: text({ description: 'Service that has the pages, by name or name@provider.' }),
    query: optional(
      text({
        description:
          'Path and query of the page; {status}, {originalStatus} and {url} stand for the status that the client gets, the one of the answer, and the escaped URL of the request.',
      }),
    ),
    errorRequestHeaders: optional(
      textList({
        description:
          'Fields of the request that the service gets to see; all if absent, none for an empty list.',
      }),
    ),
  },
  { description: 'Replaces the answers of some statuses by pages of another service.' },
);

/** Decoded. */
export type ErrorsOptions = Static<typeof errorsSchema>;
