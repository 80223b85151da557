import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { failed } from './fetch-policy.ts';

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/** Encodings that are asked for. */
export const acceptedEncodings = 'gzip, deflate, br';

/** Reads a body up to a size after unpacking; a small file that unpacks to gigabytes is given up as soon as it is too large. */
export async function readBody(
  body: Readable,
  { encoding, maxBytes }: { encoding: string; maxBytes: number },
): Promise<Buffer> {
  const source = unpacked(body, encoding);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > maxBytes) throw failed(`the page is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } finally {
    discard(source);
    discard(body);
  }
  return Buffer.concat(chunks);
}

function unpacked(body: Readable, encoding: string): Readable {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decoder = Object.hasOwn(decoders, name) ? decoders[name]?.() : undefined;
  if (decoder === undefined) {
    discard(body);
    throw failed(`the page is packed as "${name.slice(0, 64)}", which cannot be read`);
  }
  body.on('error', (error) => decoder.destroy(error));
  return body.pipe(decoder);
}

/** Gives a body up without reading it. */
export function discard(body: Readable): void {
  body.on('error', () => undefined);
  body.destroy();
}
