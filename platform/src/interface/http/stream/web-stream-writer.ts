import type { StreamWriter, StreamWriterEvents } from './stream-writer.ts';

/** The queue asks for more when it holds less than this. */
const lowMark = 65_536;

/** Writes to a web stream, which any runtime can answer with. What is pending is bounded by the event stream, not here. */
export function createWebStreamWriter(events: StreamWriterEvents): {
  writer: StreamWriter;
  body: ReadableStream<Uint8Array>;
} {
  const encoder = new TextEncoder();
  const queue = openQueue(events);
  const writer: StreamWriter = {
    write: (text) => queue.controller.enqueue(encoder.encode(text)),
    get pending() {
      return lowMark - (queue.controller.desiredSize ?? lowMark);
    },
    end() {
      queue.controller.close();
      // The rest is the runtime's: a closed queue does not tell when it has been read.
      events.writerClosed();
    },
    destroy() {
      queue.controller.error();
      events.writerClosed();
    },
  };
  return { writer, body: queue.body };
}

function openQueue(events: StreamWriterEvents): {
  body: ReadableStream<Uint8Array>;
  controller: ReadableStreamDefaultController<Uint8Array>;
} {
  let opened: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      // Called before the constructor returns.
      start: (controller) => void (opened = controller),
      pull: () => events.writerDrained(),
      cancel: () => events.writerClosed(),
    },
    { highWaterMark: lowMark, size: (chunk) => chunk.byteLength },
  );
  return { body, controller: opened! };
}
