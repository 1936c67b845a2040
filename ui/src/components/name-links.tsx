// Names of objects as links, separated by commas.
import { Fragment } from 'react';
import { Link } from './link.tsx';

/** `section` is the page of their kind. "Nobody" where there are none. */
export function NameLinks({ section, names }: { section: string; names: readonly string[] }) {
  if (names.length === 0) return 'Nobody';
  return names.map((name, index) => (
    <Fragment key={name}>
      {index > 0 ? ', ' : ''}
      <Link to={[section, name]}>{name}</Link>
    </Fragment>
  ));
}
