/** What is known of a result that is too large for the history. */
export interface LargeResult {
  artifactId: string;
  bytes: number;
  /** UTF-8 bytes that the preview may take. */
  limit: number;
}

/** Room for the sentence between the two halves. */
const noticeBytes = 400;

/** The beginning and the end of a large result, and how to read the rest. At most `limit` bytes, whatever the text. */
export function previewOf(content: string, result: LargeResult): string {
  const half = Math.max(0, Math.floor((result.limit - noticeBytes) / 2));
  const head = cut(content, half, 'head');
  const tail = cut(content, Math.floor(half / 2), 'tail');
  return (
    `${head}\n\n[This result has ${result.bytes} bytes; the middle is left out. ` +
    `The whole of it is artifact ${result.artifactId}: read it with read_artifact, or its part from a character offset.]\n\n${tail}`
  );
}

/** Cuts by bytes without splitting a character. */
function cut(text: string, bytes: number, end: 'head' | 'tail'): string {
  const all = Buffer.from(text);
  const piece = end === 'head' ? all.subarray(0, bytes) : all.subarray(Math.max(0, all.length - bytes));
  return piece.toString().replaceAll('�', '');
}
