import { createServer, request, type RequestListener } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** What a proxy answered. */
export interface ProxyAnswer {
  status: number;
  body: string;
}

/** How the proxy is reached. */
export type ProxyDoor = { socketPath: string } | { host: string; port: number };

/** Asks for a page without TLS, as `http_proxy` makes programs do. */
export function getThrough(
  door: ProxyDoor,
  url: string,
  headers: Record<string, string> = {},
): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...door, path: url, headers: { host: new URL(url).host, ...headers } });
    asked.once('error', reject).once('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece) => (body += piece));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.once('error', reject);
    });
    asked.end();
  });
}

/** Asks for a tunnel, sends `first` through it where it is made, and gives everything that came back. */
export function tunnelThrough(door: ProxyDoor, authority: string, first = ''): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect('socketPath' in door ? { path: door.socketPath } : door);
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      if (text === '' && piece.startsWith('HTTP/1.1 200')) socket.write(first);
      text += piece;
    });
    socket.once('error', reject).once('close', () => {
      const [head = '', ...rest] = text.split('\r\n\r\n');
      resolve({ status: Number(head.split(' ')[1]), body: rest.join('\r\n\r\n') });
    });
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  });
}

/** A server of the test on this machine. */
export interface LocalServer {
  port: string;
  url: string;
  close(): Promise<void>;
}

/** Starts a server on a free port. */
export async function listenLocally(listener: RequestListener): Promise<LocalServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = String((server.address() as AddressInfo).port);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, url: `http://127.0.0.1:${port}`, close };
}
