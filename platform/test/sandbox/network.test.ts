import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEgressProxy } from '../../src/adapter/egress-proxy/egress-proxy.ts';
import { makeBubblewrapProvider } from '../../src/adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { withSandbox } from './open-sandbox.ts';

let server: Server;
let port = 0;
beforeAll(async () => {
  server = createServer((_, response) => response.end('hello from outside'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => server.close());

/** `allowed.test` stands for this machine, as an operator may permit; all else is looked up as usual. */
function provider() {
  const egress = makeEgressProxy({
    limits: { ports: ['80', String(port)], allowPrivate: [`allowed.test:${port}`] },
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  return makeBubblewrapProvider({ user: 2000, folders: [], egress });
}

const fetchIt = (url: string): string => `
import urllib.request, urllib.error
try: print(urllib.request.urlopen("${url}", timeout=5).read().decode())
except urllib.error.HTTPError as error: print(error.code)
except OSError as error: print("refused")`;

describe('commands that may reach some hosts', () => {
  it('reach those through the proxy, and no others', async () => {
    const network = { allowedHosts: [`allowed.test:${port}`] };
    await withSandbox(
      provider(),
      async ({ run }) => {
        const allowed = await run('python3', '-c', fetchIt(`http://allowed.test:${port}/`));
        expect(allowed.stdout).toBe('hello from outside\n');
        const other = await run('python3', '-c', fetchIt(`http://other.test:${port}/`));
        expect(other.stdout).toBe('403\n');
        expect(other.refused?.join()).toMatch(/^other\.test:\d+: /);
        const direct = `import socket\ntry: socket.create_connection(("127.0.0.1", ${port}), 2)\nexcept OSError: print("refused")`;
        expect((await run('python3', '-c', direct)).stdout).toBe('refused\n');
        const node = `fetch('http://allowed.test:${port}/').then(async (r) => console.log(await r.text()))`;
        expect((await run('node', '-e', node)).stdout).toBe('hello from outside\n');
      },
      { network },
    );
  });

  it('are held back by rules besides', async () => {
    const mayReach = (): void => {
      throw new Error('not at night');
    };
    const network = { allowedHosts: [`allowed.test:${port}`], mayReach };
    await withSandbox(
      provider(),
      async ({ run }) => {
        const told = await run('python3', '-c', fetchIt(`http://allowed.test:${port}/`));
        expect(told.stdout).toBe('403\n');
        expect(told.refused?.join()).toMatch(/not at night/);
      },
      { network },
    );
  });

  it('keep their exit code and their limits', async () => {
    const network = { allowedHosts: ['allowed.test'] };
    await withSandbox(
      provider(),
      async ({ sh }) => {
        expect(await sh('exit 7')).toMatchObject({ exitCode: 7, limit: null });
        expect(await sh('sleep 60', { seconds: 0.5 })).toMatchObject({ limit: 'time' });
        expect((await sh('cat', { input: 'piped' })).stdout).toBe('piped');
      },
      { network },
    );
  });

  it('cannot run where nothing leads out', async () => {
    const network = { allowedHosts: ['allowed.test'] };
    const alone = makeBubblewrapProvider({ user: 2000, folders: [] });
    await withSandbox(
      alone,
      async ({ sh }) => {
        await expect(sh('true')).rejects.toMatchObject({ code: 'sandbox-unavailable' });
      },
      { network },
    );
  });
});
