import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Writes an answer to a connection that has no response of Node.js, and closes it. */
export function writeAnswer(
  socket: Duplex,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  body: string,
): void {
  if (!socket.writable) return void socket.destroy();
  const sent = new Headers(headers);
  sent.set('content-length', String(Buffer.byteLength(body)));
  sent.set('connection', 'close');
  const lines = [...sent].map(([name, value]) => `${name}: ${value}\r\n`);
  // What else the client sends is read and thrown away, so that it gets to read the answer.
  socket.resume();
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}
