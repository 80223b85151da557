import { connect, type Socket } from 'node:net';
import type { AdmittedTarget } from './admit-target.ts';

/** Connects to one of the addresses that were checked. */
export function connectTarget(
  { url, port, addresses }: AdmittedTarget,
  { connectSeconds, idleSeconds }: { connectSeconds: number; idleSeconds: number },
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const [first] = addresses;
  const socket = connect({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    noDelay: true,
    lookup: (_hostname, options, answer) => {
      if (options.all === true) answer(null, [...addresses]);
      else answer(null, first?.address ?? '', first?.family);
    },
  });
  const fail = (error: Error) => {
    socket.destroy();
    reject(error);
  };
  const overdue = () => fail(new RangeError(`it did not answer within ${connectSeconds} s`));
  socket.setTimeout(connectSeconds * 1000, overdue);
  socket.once('error', fail);
  socket.once('connect', () => {
    socket.removeListener('timeout', overdue);
    socket.removeListener('error', fail);
    socket.setTimeout(idleSeconds * 1000, () => socket.destroy());
    resolve(socket);
  });
  return promise;
}
