import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeWebhookSender } from '../../src/adapter/webhook-http/webhook-http.ts';
import type { Resolve } from '../../src/adapter/pinned-http/resolve-host.ts';
import { Receiver } from './receiver.ts';

const names: Record<string, string[]> = {
  'public.test': ['93.184.215.14'],
  'loopback.test': ['127.0.0.1'],
  'mixed.test': ['93.184.215.14', '10.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
};
const resolve: Resolve = async (hostname) =>
  (names[hostname] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

let receiver: Receiver;
beforeEach(async () => {
  receiver = await new Receiver().listen();
});
afterEach(() => receiver[Symbol.asyncDispose]());

function send(url: string, allowPrivate: string[] = [], how: Resolve = resolve) {
  const sender = makeWebhookSender({ allowPrivate, resolve: how });
  const body = '{"type":"webhook-tested"}';
  return sender.send({ url, headers: { 'webhook-id': 'evt_1' }, body, signal: AbortSignal.timeout(5_000) });
}

describe('the sender of webhooks', () => {
  test.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://loopback.test/',
    'https://mixed.test/',
    'https://metadata.test/',
    'https://mapped.test/',
  ])('connects to nothing that is not public: %s', async (url) => {
    await expect(send(url)).rejects.toMatchObject({ code: 'address-forbidden' });
  });

  test('sends to hosts that are allowed, to the address that was checked and to no other', async () => {
    const { port } = new URL(receiver.url);
    const asked: string[] = [];
    const once: Resolve = async (hostname) => {
      asked.push(hostname);
      // Whoever asks a second time is led elsewhere.
      return [{ address: asked.length === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const answer = await send(`http://hooks.test:${port}/`, ['hooks.test'], once);
    expect(answer).toEqual({ status: 204, retryAfter: null });
    expect(asked).toEqual(['hooks.test']);
    expect(receiver.received[0]?.headers).toMatchObject({
      host: `hooks.test:${port}`,
      'webhook-id': 'evt_1',
    });
  });

  test('allows a host only at the port that is named with it', async () => {
    const { port } = new URL(receiver.url);
    await expect(send(receiver.url, ['127.0.0.1:1'])).rejects.toMatchObject({ code: 'webhook-undelivered' });
    expect(await send(receiver.url, [`127.0.0.1:${port}`])).toMatchObject({ status: 204 });
  });

  test.each([
    ['http://public.test/', 'https://'],
    ['https://user:secret@public.test/', 'user name'],
    ['ftp://public.test/', 'https'],
    ['nonsense', 'https'],
  ])('says what is wrong with the address %s', (url, what) => {
    expect(makeWebhookSender({ allowPrivate: [], resolve }).faultOf(url)).toContain(what);
  });

  test('says so when there is no such host, and when nobody answers', async () => {
    await expect(send('https://nowhere.test/')).rejects.toMatchObject({ code: 'webhook-undelivered' });
    const { url } = receiver;
    await receiver[Symbol.asyncDispose]();
    await expect(send(url, ['*'])).rejects.toMatchObject({ code: 'webhook-undelivered' });
    receiver = await new Receiver().listen();
  });
});
