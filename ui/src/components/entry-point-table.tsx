// Where requests come in.
import type { EntryPointView } from '../../../src/model/view.ts';
import { useEntryPoints } from '../queries.ts';
import { type Column, DataTable } from './data-table.tsx';
import { Loaded } from './page.tsx';

/** All entry points. */
export function EntryPointTable() {
  return (
    <Loaded query={useEntryPoints()}>
      {(entryPoints) => (
        <DataTable caption="Entry points" columns={COLUMNS} rows={entryPoints} rowKey={(one) => one.name} />
      )}
    </Loaded>
  );
}

const COLUMNS: readonly Column<EntryPointView>[] = [
  { header: 'Entry point', kind: 'lead', cell: (one) => <strong>{one.name}</strong> },
  { header: 'Address', cell: (one) => <code>{one.address}</code> },
  { header: 'Used by default', cell: (one) => (one.asDefault ? 'Yes' : 'No') },
];
