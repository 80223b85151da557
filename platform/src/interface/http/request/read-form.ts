import { BatutaError } from '@batuta/contract';
import type { Exchange } from '../exchange.ts';
import { readBytes } from './read-body.ts';

const formType = /^application\/x-www-form-urlencoded\s*(?:;.*)?$/i;

/** The fields of a form of a page, each once. Errors: `media-type-unsupported`, `request-too-large`. */
export async function readForm(exchange: Exchange, limitBytes: number): Promise<Record<string, string>> {
  const { req } = exchange.context;
  const contentType = req.header('content-type') ?? '';
  if (!formType.test(contentType)) {
    throw new BatutaError('media-type-unsupported', { content_type: contentType.slice(0, 128) });
  }
  const bytes = await readBytes(req.raw, Math.min(limitBytes, exchange.door.settings.maxBodyBytes));
  const fields = new URLSearchParams(new TextDecoder().decode(bytes));
  return Object.fromEntries(fields);
}
