import { BatutaError } from '@batuta/contract';
import type { Page } from './application.ts';

/**
 * One page from one item more than fits: the extra one only shows that there is a next page. The cursor is the key of the
 * last item, in base64url so that nobody builds on its form.
 */
export function pageOf<R, T>(
  records: readonly R[],
  limit: number,
  shape: { render: (record: R) => T; key: (record: R) => string },
): Page<T> {
  const shown = records.slice(0, limit);
  const last = shown.at(-1);
  const more = records.length > limit && last !== undefined;
  return { items: shown.map(shape.render), next_cursor: more ? encode(shape.key(last)) : null };
}

const keyPattern = /^[a-z0-9][a-z0-9_-]{0,80}$/;

/** The key in a cursor. Errors: `cursor-invalid`. */
export function readPageCursor(cursor: string | undefined): string | undefined {
  return decodeKey(cursor, keyPattern);
}

/** The key in a cursor of a list whose keys have another form. Errors: `cursor-invalid`. */
export function decodeKey(cursor: string | undefined, pattern: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString();
  if (!pattern.test(key)) throw new BatutaError('cursor-invalid', { cursor });
  return key;
}

function encode(key: string): string {
  return Buffer.from(key).toString('base64url');
}
