// Removes dot segments and doubled slashes from an absolute path, as Go's URL.JoinPath does in Traefik.

/**
 * Collapses `//`, `.` and `..` (RFC 3986 §6.2.2.3). A final slash is kept; a path that ends in a dot segment gets
 * none: `/a/b/..` is `/a`. Nothing climbs above the root.
 */
export function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') kept.pop();
    else kept.push(segment);
  }
  const clean = `/${kept.join('/')}`;
  return path.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}
