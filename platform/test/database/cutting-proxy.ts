import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** The message ReadyForQuery after a transaction has ended. */
const readyOutsideTransaction = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** What becomes of the next transaction that goes through the proxy. */
type Fault =
  | { kind: 'none' }
  | { kind: 'lose-request'; meanwhile: () => Promise<void> }
  | { kind: 'lose-answer' };

/** A way to a PostgreSQL server that can be made to break at a chosen moment. */
export interface CuttingProxy {
  url: string;
  /** The next thing that is sent never arrives; `meanwhile` happens before the sender notices. */
  loseRequest(meanwhile?: () => Promise<void>): void;
  /** The next transaction is committed, but the connection breaks before its answer arrives. */
  loseAnswer(): void;
  /** Breaks all connections and lets no new one through. */
  close(): Promise<void>;
}

/** Starts a proxy in front of a server. */
export async function startCuttingProxy(serverUrl: string): Promise<CuttingProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let fault: Fault = { kind: 'none' };
  const takeFault = (kind: Fault['kind']): Fault => {
    const taken = fault;
    if (taken.kind === kind) fault = { kind: 'none' };
    return taken;
  };

  const proxy = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    const cut = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    client.on('data', (data) => {
      const present = takeFault('lose-request');
      if (present.kind === 'lose-request') void present.meanwhile().finally(cut);
      else server.write(data);
    });
    server.on('data', (data) => {
      if (fault.kind !== 'lose-answer') client.write(data);
      else if (data.includes(readyOutsideTransaction)) {
        takeFault('lose-answer');
        cut();
      }
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    url: url.href,
    loseRequest: (meanwhile = async () => undefined) => (fault = { kind: 'lose-request', meanwhile }),
    loseAnswer: () => (fault = { kind: 'lose-answer' }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
