// A table with real headers; on a narrow screen each row becomes a card whose cells carry their header.
import type { ReactNode } from 'react';
import styles from './data-table.module.css';

/** One column. `lead` is the column that names the row; `number` columns are aligned right. */
export type Column<Row> = {
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly kind?: 'lead' | 'number' | 'wide';
};

/** Rows under headers. `caption` names the table for screen readers. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}) {
  return (
    <div className={styles.room}>
      <table className={`${styles.table} ${columns.length > MOST_NARROW_COLUMNS ? styles.many : styles.few}`}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.header} scope="col" className={styles[column.kind ?? 'plain']}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <Cell key={column.header} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// Tables with more columns become cards earlier.
const MOST_NARROW_COLUMNS = 4;

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const content = column.cell(row);
  if (column.kind === 'lead') {
    return (
      <th scope="row" className={styles.lead}>
        {content}
      </th>
    );
  }
  return (
    <td className={styles[column.kind ?? 'plain']} data-header={column.header}>
      <div className={styles.content}>{content}</div>
    </td>
  );
}
