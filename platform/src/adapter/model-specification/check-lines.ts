import { BatutaError, type ErrorData } from '@batuta/contract';
import type { PieceReader } from './piece-reader.ts';

const lineFeed = '\n';

/**
 * Passes on a stream of JSON lines (Ollama's) line by line. A line that is no JSON, or that says `{"error": ...}`, ends the
 * stream with an error: the provider package drops such lines, and what they carried would be missing without a trace.
 */
export function createLineReader(): PieceReader {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(lineFeed) + 1;
      rest = bytes.subarray(end);
      const lines = bytes.subarray(0, end);
      for (const line of lines.toString('utf8').split(lineFeed)) checkLine(line);
      return lines;
    },
    end() {
      checkLine(rest.toString('utf8'));
      return rest;
    },
  };
}
function checkLine(line: string): void {
  if (line.trim() === '') return;
  const value = parse(line);
  if (value === undefined) throw failed('malformed', 'the stream has a line that is no JSON');
  const error: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'error') : undefined;
  if (error === undefined) return;
  const text = typeof error === 'string' ? error : JSON.stringify(error);
  throw failed(/overloaded|busy/i.test(text) ? 'overloaded' : 'server', text);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The model is not known here; whoever made the call names it. */
function failed(
  kind: ErrorData<'model-call-failed'>['kind'],
  reason: string,
): BatutaError<'model-call-failed'> {
  const unknown = { model: '', retryable: true, retry_after_ms: null, provider_status: null, sent: true };
  return new BatutaError('model-call-failed', { ...unknown, kind, reason });
}
