import { BatutaError } from '@batuta/contract';

/** Longest line: a row with the largest file that a session can hold, written as text, fits several times. */
const longestBytes = 500_000_000;
const lineEnd = 0x0a;

/** Text by lines that end in a line feed and in nothing else: rows may hold any other separator. Errors: `backup-invalid`. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let begun: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, from)) {
      yield textOf([...begun, chunk.subarray(from, end)]);
      begun = [];
      bytes = 0;
      from = end + 1;
    }
    bytes += chunk.length - from;
    if (bytes > longestBytes) throw new BatutaError('backup-invalid', { reason: 'a line of it is too long' });
    begun.push(chunk.subarray(from));
  }
  // A backup ends with its last line; what stands behind it was cut off and must be seen.
  if (bytes > 0) yield textOf(begun);
}

function textOf(pieces: readonly Uint8Array[]): string {
  return Buffer.concat(pieces).toString('utf8');
}
