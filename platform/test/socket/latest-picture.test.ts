import { expect, it } from 'vitest';
import { latestPicture } from '../../src/interface/socket/latest-picture.ts';

/** A client that reads only when it is told to. */
function slowClient() {
  const sent: number[] = [];
  let room = Promise.withResolvers<void>();
  let isBehind = true;
  return {
    sent,
    sendBytes: (image: Uint8Array) => {
      if (!isBehind) sent.push(image[0] ?? -1);
      return !isBehind;
    },
    drained: () => room.promise,
    read: async () => {
      isBehind = false;
      room.resolve();
      await room.promise;
      room = Promise.withResolvers();
      isBehind = true;
    },
  };
}

it('keeps one picture for who is behind: the latest', async () => {
  const client = slowClient();
  const send = latestPicture(client);
  for (let number = 0; number < 200; number += 1) send(Uint8Array.of(number));
  expect(client.sent).toEqual([]);
  await client.read();
  expect(client.sent).toEqual([199]);
  send(Uint8Array.of(7));
  await client.read();
  expect(client.sent).toEqual([199, 7]);
});
