// What a list page is narrowed to, read from its address, so that a filtered list can be sent as a link.
import type { ListQuery } from '../api.ts';
import { useRoute } from './use-route.ts';

/** Query values `q`, `status` and `page`; a page that is no number is the first. */
export function useListQuery(): ListQuery {
  const { query } = useRoute();
  const page = Number.parseInt(query.get('page') ?? '1', 10);
  return {
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    search: query.get('q') ?? '',
    status: query.get('status') ?? '',
  };
}
