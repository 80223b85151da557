import { isUtf8 } from 'node:buffer';

import { BatutaError, jsonValueSchema } from '@batuta/contract';
import { z } from 'zod';

const headersSchema = z.record(z.string(), z.string());

/** A piece of a body as it came: text where it is valid UTF-8 by itself, else base64. */
const chunkSchema = z.strictObject({
  /** Milliseconds after the piece before it; the first after the request was sent on. */
  after_ms: z.number().nonnegative(),
  text: z.string().optional(),
  base64: z.base64().optional(),
});

/** One request to a provider and its answer, as one line of a recording. */
export const exchangeSchema = z.strictObject({
  version: z.literal(1),
  /** Place in the order in which the requests came, from 0. */
  index: z.int().nonnegative(),
  method: z.string(),
  /** Path and query. */
  path: z.string(),
  request_headers: headersSchema,
  /** As JSON where it is JSON, else as text; null when there was none. */
  request_body: jsonValueSchema,
  /** SHA-256 of the canonical body. */
  request_hash: z.string(),
  status: z.int(),
  headers: headersSchema,
  chunks: z.array(chunkSchema),
  /** Whether the answer came to its end, instead of with a broken connection. */
  complete: z.boolean(),
});

/** One request to a provider and its answer. */
export type RecordedExchange = z.infer<typeof exchangeSchema>;

/** A piece of a recorded body. */
export type RecordedChunk = z.infer<typeof chunkSchema>;

/** Writes bytes as a chunk. */
export function chunkOf(bytes: Buffer, afterMs: number): RecordedChunk {
  const content = isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
  return { after_ms: Math.round(afterMs * 10) / 10, ...content };
}

/** The bytes of a chunk. */
export function bytesOf(chunk: RecordedChunk): Buffer {
  return chunk.text === undefined ? Buffer.from(chunk.base64 ?? '', 'base64') : Buffer.from(chunk.text);
}

/** Reads a recording, in the order of the requests. A line that cannot be read is named. */
export function parseRecording(content: string, file: string): RecordedExchange[] {
  const lines = content.split('\n').map((line, index) => ({ line, number: index + 1 }));
  const exchanges = lines
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => parseLine(line, `${file}:${number}`));
  return exchanges.toSorted((left, right) => left.index - right.index);
}

function parseLine(line: string, place: string): RecordedExchange {
  const unreadable = (reason: string): BatutaError =>
    new BatutaError('configuration-invalid', { name: place, source: 'the recording', reason });
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw unreadable(`is not JSON: ${String(error)}`);
  }
  const parsed = exchangeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(`is not a recorded exchange: ${z.prettifyError(parsed.error)}`);
}
