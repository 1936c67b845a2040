// Where a tree of declarations comes from.
import type { Declarer } from './declarations.ts';
import type { Note, ObjectReport } from './object-report.ts';
import type { Written } from './written.ts';

/** One source of declarations. */
export type TreeSource = {
  readonly provider: string;
  /** How people know it: the path of a file, the URL of an endpoint. It orders sources too. */
  readonly name: string;
  /** Milliseconds since the epoch since when its servers count as ready. */
  readonly since: number;
  /** Writes the path of an option as its users do. */
  readonly spell: (path: readonly string[]) => string;
};

/** What the declarations of a source are made with. */
export type TreeContext = TreeSource & {
  readonly declarer: Declarer;
  readonly report: ObjectReport;
  /** The place of an option, to be put into a note. */
  readonly placesOf: (path: readonly string[]) => Pick<Note, 'place'>;
  readonly written: { readonly http: Written; readonly tcp: Written; readonly udp: Written };
};
