import { BatutaError } from '@batuta/contract';

/** The fake application has one page of everything. */
export function refuseCursor(cursor: string | undefined): void {
  if (cursor !== undefined) throw new BatutaError('cursor-invalid', { cursor });
}
