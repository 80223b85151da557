import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/** How a body is read. */
export interface BodyLimits {
  /** Its Content-Encoding. */
  encoding: string;
  /** After unpacking. */
  maxBytes: number;
  /** What the body is, in messages: `the page`. */
  what: string;
  fail: (reason: string) => Error;
}

/** Encodings that are asked for. */
export const acceptedEncodings = 'gzip, deflate, br';

/** Reads a body up to a size after unpacking; a small file that unpacks to gigabytes is given up as soon as it is too large. */
export async function readBody(body: Readable, limits: BodyLimits): Promise<Buffer> {
  const { maxBytes } = limits;
  const source = unpacked(body, limits);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > maxBytes) throw limits.fail(`${limits.what} is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } finally {
    discard(source);
    discard(body);
  }
  return Buffer.concat(chunks);
}

function unpacked(body: Readable, { encoding, what, fail }: BodyLimits): Readable {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decoder = Object.hasOwn(decoders, name) ? decoders[name]?.() : undefined;
  if (decoder === undefined) {
    discard(body);
    throw fail(`${what} is packed as "${name.slice(0, 64)}", which cannot be read`);
  }
  body.on('error', (error) => decoder.destroy(error));
  return body.pipe(decoder);
}

/** Gives a body up without reading it. */
export function discard(body: Readable): void {
  body.on('error', () => undefined);
  body.destroy();
}
