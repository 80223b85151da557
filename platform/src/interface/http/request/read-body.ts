import { BatutaError } from '@batuta/contract';
import type { Exchange } from '../exchange.ts';
import { findJsonFault } from './check-json.ts';
import { requestInvalid } from './request-invalid.ts';

const jsonType = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** The body as JSON. An empty body is an empty object where the endpoint's fields are all optional. */
export async function readBody(exchange: Exchange): Promise<unknown> {
  const bytes = await readBytes(exchange.context.req.raw, exchange.door.settings.maxBodyBytes);
  if (bytes.byteLength === 0) return {};
  checkContentType(exchange.context.req.header('content-type'));
  const value = parse(bytes);
  const fault = findJsonFault(value);
  if (fault !== undefined) throw requestInvalid([{ ...fault, path: `body.${fault.path}` }]);
  return value;
}

function checkContentType(contentType = ''): void {
  if (jsonType.test(contentType)) return;
  throw new BatutaError('media-type-unsupported', { content_type: contentType.slice(0, 128) });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message.slice(0, 200) : 'it is not UTF-8 text';
    throw new BatutaError('request-not-json', { reason }, { cause });
  }
}

/** Counts what arrives: a client may send more than its content-length says, or none at all. */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = () => new BatutaError('request-too-large', { limit_bytes: limit });
  const declared = request.headers.get('content-length');
  if (declared !== null) {
    if (Number(declared) > limit) throw tooLarge();
    // The HTTP parser holds the body to its content-length, so that it can be read at once.
    if (!request.headers.has('transfer-encoding')) return new Uint8Array(await request.arrayBuffer());
  }
  return readChunks(request.body, limit, tooLarge);
}

async function readChunks(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  tooLarge: () => BatutaError,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
