import type { FreshDatabase } from '@batuta/testkit/database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listDeliveries, replayDead, replayDelivery } from '../../src/application/webhook/deliveries.ts';
import { changeWebhook, getWebhook, rotateWebhook } from '../../src/application/webhook/webhooks.ts';
import { isSigned, Receiver } from './receiver.ts';
import { ana, WebhookKit } from './webhook-kit.ts';

const hour = 3_600_000;

/** What webhooks do on every database. */
export function describeWebhooks(open: () => Promise<FreshDatabase>): void {
  describe('webhooks', () => {
    let stores: FreshDatabase;
    let kit: WebhookKit;
    let receiver: Receiver;

    beforeEach(async () => {
      stores = await open();
      await stores.access.ensureTenant('acme', 'Acme');
      await stores.runs.heartbeat('worker-1', 60_000);
      kit = new WebhookKit(stores);
      receiver = await new Receiver().listen();
    });
    afterEach(async () => {
      await receiver[Symbol.asyncDispose]();
      stores.release();
    });

    const deliveries = async (id: string) =>
      (await listDeliveries(kit.context, ana, { id, filter: { limit: 50 } })).items;

    test('are told of an event with a signature that the library of the specification accepts', async () => {
      const { id, secret } = await kit.add(receiver.url);
      const { messageId, webhooks } = await kit.announce('run-succeeded', { run_id: 'run_1', turns: 2 });
      expect(webhooks).toEqual([id]);
      expect(await kit.deliver(id)).toBeNull();
      const [message] = receiver.received;
      expect(message).toMatchObject({
        id: messageId,
        type: 'run-succeeded',
        data: { run_id: 'run_1', turns: 2 },
      });
      expect(isSigned(message!, secret)).toBe(true);
      expect(isSigned(message!, 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')).toBe(false);
      expect(isSigned({ ...message!, body: message!.body.replace('2', '3') }, secret)).toBe(false);
      expect(await deliveries(id)).toMatchObject([
        { message_id: messageId, status: 'delivered', attempts: 1, last_status: 204 },
      ]);
    });

    test('get only what they asked for while they are enabled, and nothing of other tenants', async () => {
      const failures = await kit.add(receiver.url, ['run-failed']);
      const disabled = await kit.add(receiver.url);
      await changeWebhook(kit.context, ana, { id: disabled.id, body: { enabled: false } });
      await stores.access.ensureTenant('other', 'Other');
      expect((await kit.announce('run-succeeded')).webhooks).toEqual([]);
      expect((await kit.announce('run-failed')).webhooks).toEqual([failures.id]);
      const foreign = { ...ana, tenantId: 'other' };
      await expect(getWebhook(kit.context, foreign, failures.id)).rejects.toMatchObject({
        code: 'webhook-unknown',
      });
    });

    test('that are down for days get it when they are back, with the same id, and later each time', async () => {
      const { id, secret } = await kit.add(receiver.url);
      const { messageId } = await kit.announce();
      receiver.usual = 503;
      while (receiver.received.length < 10) {
        const next = await kit.deliver(id);
        kit.clock.advance(next!.at - kit.clock.now() + 1);
      }
      expect(kit.clock.now() - Date.now()).toBeGreaterThan(15 * hour);
      receiver.usual = 200;
      kit.clock.advance(24 * hour);
      expect(await kit.deliver(id)).toBeNull();
      expect(new Set(receiver.received.map((message) => message.id))).toEqual(new Set([messageId]));
      const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
      const pauses = times.slice(1).map((time, index) => time - times[index]!);
      expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses);
      expect(receiver.received.every((message) => message.body === receiver.received[0]?.body)).toBe(true);
      expect(isSigned(receiver.received[0]!, secret)).toBe(true);
    });

    test('that never answer are given up after three days, and what is dead can be replayed', async () => {
      const { id } = await kit.add(receiver.url);
      const { messageId } = await kit.announce();
      receiver.usual = 500;
      const began = kit.clock.now();
      for (let next = await kit.deliver(id); next; next = await kit.deliver(id))
        kit.clock.advance(next.at - kit.clock.now() + 1);
      const days = (kit.clock.now() - began) / (24 * hour);
      expect(days).toBeGreaterThan(2.9);
      expect(days).toBeLessThan(3.4);
      expect(await deliveries(id)).toMatchObject([{ status: 'dead', attempts: 13, last_status: 500 }]);
      receiver.usual = 200;
      expect(await replayDead(kit.context, ana, id)).toEqual({ replayed: 1 });
      await changeWebhook(kit.context, ana, { id, body: { enabled: true } });
      expect(await kit.deliver(id)).toBeNull();
      expect(receiver.received.at(-1)?.id).toBe(messageId);
      expect(await deliveries(id)).toMatchObject([{ status: 'delivered', attempts: 1 }]);
    });

    test('decide by Retry-After when they are asked again', async () => {
      const { id } = await kit.add(receiver.url);
      await kit.announce();
      receiver.answers = [(response) => response.writeHead(429, { 'retry-after': '7200' }).end()];
      const next = await kit.deliver(id);
      expect(next!.at - kit.clock.now()).toBeGreaterThan(1.99 * hour);
      expect(next!.at - kit.clock.now()).toBeLessThanOrEqual(2 * hour);
    });

    test('that are gone are disabled', async () => {
      const { id } = await kit.add(receiver.url);
      const { messageId } = await kit.announce();
      receiver.answers = [410];
      expect(await kit.deliver(id)).toBeNull();
      expect(await getWebhook(kit.context, ana, id)).toMatchObject({
        enabled: false,
        disabled_reason: 'gone',
      });
      expect((await kit.announce()).webhooks).toEqual([]);
      expect(await deliveries(id)).toMatchObject([{ message_id: messageId, status: 'dead' }]);
    });

    test('get both signatures while a secret is rotated, and only the new one afterwards', async () => {
      const former = await kit.add(receiver.url);
      const { id } = former;
      const rotated = await rotateWebhook(kit.context, ana, { id, overlapHours: 24 });
      await kit.announce();
      await kit.deliver(id);
      const [during] = receiver.received;
      expect([former, rotated].map(({ secret }) => isSigned(during!, secret))).toEqual([true, true]);
      kit.clock.advance(25 * hour);
      await kit.announce();
      await kit.deliver(id);
      const after = receiver.received[1]!;
      expect(after.headers['webhook-signature']).not.toContain(' ');
      expect(rotated.secret).not.toBe(former.secret);
    });

    test('are not followed to where they redirect', async () => {
      await using elsewhere = await new Receiver().listen();
      const { id } = await kit.add(receiver.url);
      await kit.announce();
      receiver.answers = [(response) => response.writeHead(307, { location: elsewhere.url }).end()];
      await kit.deliver(id);
      expect(elsewhere.received).toEqual([]);
      expect((await deliveries(id))[0]).toMatchObject({ status: 'pending', last_status: 307 });
    });

    test('whose answer never ends cost nothing', async () => {
      const { id } = await kit.add(receiver.url);
      await kit.announce();
      const flood = 'x'.repeat(65_536);
      receiver.answers = [
        (response) => {
          response.writeHead(200);
          const pour = () => void (response.write(flood), setImmediate(pour));
          pour();
        },
      ];
      expect(await kit.deliver(id)).toBeNull();
      expect(await deliveries(id)).toMatchObject([{ status: 'delivered' }]);
    });

    test('that do not answer in time are tried again', async () => {
      kit = new WebhookKit(stores, { settings: { timeoutMs: 200 } });
      const { id } = await kit.add(receiver.url);
      await kit.announce();
      receiver.answers = [() => undefined];
      expect(await kit.deliver(id)).not.toBeNull();
      expect((await deliveries(id))[0]).toMatchObject({
        status: 'pending',
        last_status: null,
        last_error: 'there was no answer within 0.2 s',
      });
    });

    test('of an attempt that was broken off get it again once its claim is over', async () => {
      const { id } = await kit.add(receiver.url);
      const { messageId } = await kit.announce();
      const stopping = new AbortController();
      receiver.answers = [() => stopping.abort()];
      await expect(kit.deliver(id, stopping.signal)).rejects.toThrow('aborted');
      const next = await kit.deliver(id);
      expect(next!.at).toBeGreaterThan(kit.clock.now() + 10_000);
      kit.clock.advance(next!.at - kit.clock.now() + 1);
      expect(await kit.deliver(id)).toBeNull();
      expect(receiver.received.map((message) => message.id)).toEqual([messageId, messageId]);
    });

    test('that fail are asked with one delivery at a time, and well again they get the rest', async () => {
      const { id } = await kit.add(receiver.url);
      for (let index = 0; index < 8; index += 1) await kit.announce();
      receiver.usual = 500;
      const next = await kit.deliver(id);
      expect(next).toMatchObject({ failing: true });
      expect(receiver.received).toHaveLength(4);
      kit.clock.advance(next!.at - kit.clock.now() + 1);
      await kit.deliver(id);
      expect(receiver.received).toHaveLength(5);
      receiver.usual = 200;
      kit.clock.advance(10 * 60_000);
      for (let rest = await kit.deliver(id); rest; rest = await kit.deliver(id))
        kit.clock.advance(Math.max(0, rest.at - kit.clock.now()) + 1);
      expect((await deliveries(id)).map(({ status }) => status)).toEqual(Array(8).fill('delivered'));
      expect(await getWebhook(kit.context, ana, id)).toMatchObject({ failures: 0, paused_until: null });
    });

    test('can have one delivery sent again, unless it is pending', async () => {
      const { id } = await kit.add(receiver.url);
      const { messageId } = await kit.announce();
      const asked = { id, messageId };
      await expect(replayDelivery(kit.context, ana, asked)).rejects.toMatchObject({
        code: 'delivery-pending',
      });
      await kit.deliver(id);
      expect(await replayDelivery(kit.context, ana, asked)).toMatchObject({ status: 'pending', attempts: 0 });
      await kit.deliver(id);
      expect(receiver.received.map((message) => message.id)).toEqual([messageId, messageId]);
    });
  });
}
