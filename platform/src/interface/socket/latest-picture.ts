import type { SocketConnection } from './socket-connection.ts';

type Receiver = Pick<SocketConnection, 'sendBytes' | 'drained'>;

/** Sends pictures of which only the latest matters: who is behind misses some, and gets the latest one as soon as there is room. */
export function latestPicture(connection: Receiver): (image: Uint8Array) => void {
  let owed: Uint8Array | undefined;
  let isWaiting = false;
  const send = (image: Uint8Array) => {
    owed = undefined;
    if (connection.sendBytes(image, { canSkip: true })) return;
    owed = image;
    const room = connection.drained();
    if (isWaiting || !room) return;
    isWaiting = true;
    void room.then(() => {
      isWaiting = false;
      if (owed) send(owed);
    });
  };
  return send;
}
