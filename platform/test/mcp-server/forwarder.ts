import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** Where to, with which key, and what is called otherwise there. */
export interface Forwarding {
  port: number;
  key: string;
  /** The parameters of a request as the platform knows them. */
  translate(params: Record<string, unknown>): Record<string, unknown>;
}

/** Something in front of a platform that sends a key along, for programs that cannot. */
export async function startForwarder(to: Forwarding): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => void forward(to, incoming, outgoing));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Host and Origin stay as they are: the platform shall judge them. */
async function forward(to: Forwarding, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = incoming;
  const { body, name } = translateBody(to, await text(incoming));
  const headers = {
    ...incoming.headers,
    ...(incoming.headers['mcp-name'] !== undefined && name !== undefined && { 'mcp-name': name }),
    authorization: `Bearer ${to.key}`,
    'content-length': String(Buffer.byteLength(body)),
  };
  const onward = request({ host: '127.0.0.1', port: to.port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  onward.end(body);
}

/** A message that is none is sent on as it came. `name` is set where it was changed. */
function translateBody(to: Forwarding, body: string): { body: string; name?: string } {
  try {
    const message = JSON.parse(body) as { params?: Record<string, unknown> };
    if (message.params === undefined) return { body };
    const params = to.translate(message.params);
    if (params === message.params) return { body };
    return { body: JSON.stringify({ ...message, params }), name: String(params['name'] ?? params['uri']) };
  } catch {
    return { body };
  }
}
