import type { Exchange } from '../exchange.ts';
import { requestInvalid } from './request-invalid.ts';

/** The `Idempotency-Key` of a request. Errors: `request-invalid`. */
export function readIdempotencyKey({ context }: Exchange): string | undefined {
  const key = context.req.header('idempotency-key');
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw requestInvalid([
    { path: 'header.Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters without spaces' },
  ]);
}
