// The services to which a service leads.
import type { MemberView } from '../../../src/model/view.ts';
import { type Column, DataTable } from './data-table.tsx';
import { Link } from './link.tsx';
import { StatusBadge } from './status-badge.tsx';

const columns: readonly Column<MemberView>[] = [
  {
    header: 'Service',
    kind: 'lead',
    cell: ({ name }) => <Link to={['services', name]}>{name}</Link>,
  },
  {
    header: 'Status',
    cell: ({ status }) => <StatusBadge level={status === 'UP' ? 'ok' : 'error'}>{status}</StatusBadge>,
  },
  { header: 'Weight', kind: 'number', cell: ({ weight }) => weight },
];

/** One row for each; a service may be named twice. */
export function MemberTable({ members }: { members: readonly MemberView[] }) {
  const rows = members.map((member, at) => ({ member, key: `${at} ${member.name}` }));
  const keys = new Map(rows.map(({ member, key }) => [member, key]));
  return (
    <DataTable
      caption="Services"
      columns={columns}
      rows={members}
      rowKey={(member) => keys.get(member) ?? member.name}
    />
  );
}
