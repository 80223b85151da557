import type { PageInput } from '@batuta/contract';

/** The query of a list. */
export function pageQuery({ cursor, limit }: PageInput): Record<string, string | number | undefined> {
  return { cursor, limit: limit === undefined ? undefined : Number(limit) };
}
