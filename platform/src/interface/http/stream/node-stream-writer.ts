import type { ServerResponse } from 'node:http';
import type { StreamWriter, StreamWriterEvents } from './stream-writer.ts';

/** Writes to the response of Node.js: no web stream, no promise per write. */
export function createNodeStreamWriter(
  outgoing: ServerResponse,
  headers: Readonly<Record<string, string>>,
  events: StreamWriterEvents,
): StreamWriter {
  outgoing.on('drain', () => events.writerDrained());
  outgoing.on('close', () => events.writerClosed());
  outgoing.on('error', () => outgoing.destroy());
  if (outgoing.destroyed) queueMicrotask(() => events.writerClosed());
  else outgoing.writeHead(200, headers);
  return {
    write: (text) => {
      if (!outgoing.destroyed) outgoing.write(text);
    },
    get pending() {
      return outgoing.writableLength;
    },
    end: () => outgoing.end(),
    destroy: () => outgoing.destroy(),
  };
}
