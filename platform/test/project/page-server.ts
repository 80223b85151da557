import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/** Pages of a test, on a port of their own of this machine. */
export interface PageServer extends AsyncDisposable {
  /** For the setting `http_fetch.allow_private`. */
  host: string;
  address(path: string): string;
  /** What was asked for, in order. */
  requests: { path: string; headers: IncomingMessage['headers'] }[];
}

/** Serves HTML by path; everything else is 404. */
export async function servePages(pages: Readonly<Record<string, string>>): Promise<PageServer> {
  const requests: PageServer['requests'] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, headers: request.headers });
    const page = pages[path];
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page ?? '<p>There is no such page.</p>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const host = `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
  return {
    host,
    address: (path) => `http://${host}${path}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
