// Paging, search and order of the API's lists, with the parameters, limits and messages of Traefik (pkg/api/criterion.go,
// sort.go). Pure.
import { ApiError } from './api-error.ts';

/** A query string that was parsed; a parameter given twice counts the first time, as in Go. */
export type Query = URLSearchParams;

/** What rows are ordered by. */
export type SortKey = string | number;

/** How one kind of object is searched and ordered. */
export type ListRules<T> = {
  readonly name: (item: T) => string;
  readonly status: (item: T) => string;
  /** Texts in which `search` is looked for. */
  readonly searchIn: (item: T) => readonly string[];
  /** What `sortBy` may name besides `name`; anything else sorts by name. */
  readonly sortKeys: ReadonlyMap<string, (item: T) => SortKey>;
  /** Filters of this kind alone. */
  readonly keep?: (item: T, query: Query) => boolean;
};

/** One page of a list. */
export type ListPage<T> = {
  readonly items: readonly T[];
  /** 1 on the last page. */
  readonly nextPage: number;
};

const defaultPerPage = 100;

/** The page of `items` that the query asks for. Throws ApiError 400 where page or per_page make no sense. */
export function listPage<T>(items: Iterable<T>, query: Query, rules: ListRules<T>): ListPage<T> {
  const status = query.get('status')?.toLowerCase() ?? '';
  const search = query.get('search')?.toLowerCase() ?? '';
  const kept = [...items].filter(
    (item) =>
      (status === '' || rules.status(item).toLowerCase() === status) &&
      (search === '' || rules.searchIn(item).some((text) => text.toLowerCase().includes(search))) &&
      (rules.keep?.(item, query) ?? true),
  );
  kept.sort(order(query, rules));
  return cut(kept, query);
}

function order<T>(query: Query, { name, sortKeys }: ListRules<T>): (a: T, b: T) => number {
  const key = sortKeys.get(query.get('sortBy') ?? '') ?? name;
  const sign = (query.get('direction') || 'asc') === 'asc' ? 1 : -1;
  return (a, b) => sign * (compare(key(a), key(b)) || compare(name(a), name(b)));
}

function compare(a: SortKey, b: SortKey): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function cut<T>(items: readonly T[], query: Query): ListPage<T> {
  const perPage = positive(query, 'per_page', defaultPerPage);
  const page = positive(query, 'page', 1);
  const start = (page - 1) * perPage;
  if (start > 0 && start >= items.length) {
    throw new ApiError(400, `invalid request: page: ${page}, per_page: ${perPage}`);
  }
  return {
    items: items.slice(start, start + perPage),
    nextPage: page * perPage < items.length ? page + 1 : 1,
  };
}

function positive(query: Query, key: string, fallback: number): number {
  const text = query.get(key);
  if (text === null || text === '') return fallback;
  const value = /^[+-]?\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value <= 0) throw new ApiError(400, `invalid request: ${key}: ${value}`);
  return value;
}
