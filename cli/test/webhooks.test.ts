import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';

let api: FakeApi;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
});
afterEach(() => api.close());

const webhook = {
  id: 'whk_1',
  url: 'https://example.com/hooks',
  kinds: ['run-failed'],
  description: '',
  enabled: true,
  disabled_reason: null,
  failures: 0,
  paused_until: null,
  previous_secret_until: null,
  created_at: '2026-11-21T10:00:00.000Z',
  updated_at: '2026-11-21T10:00:00.000Z',
};
const delivery = {
  message_id: 'evt_1_7',
  webhook_id: 'whk_1',
  type: 'run-failed',
  status: 'dead',
  attempts: 13,
  created_at: '2026-11-21T10:00:00.000Z',
  next_attempt_at: null,
  last_attempt_at: '2026-11-24T10:00:00.000Z',
  last_status: 500,
  last_error: 'the receiver answered 500',
  delivered_at: null,
};

describe('batuta webhooks', () => {
  test('lists them with their state', async () => {
    const gone = { ...webhook, id: 'whk_2', enabled: false, disabled_reason: 'gone' };
    const failing = { ...webhook, id: 'whk_3', failures: 4 };
    api.answers['GET /v1/webhooks'] = { items: [webhook, gone, failing], next_cursor: null };
    const { code, output } = await batuta(['webhooks'], { api });
    expect(code).toBe(0);
    expect(output).toMatch(/whk_1 +on +https:\/\/example\.com\/hooks +run-failed/);
    expect(output).toMatch(/whk_2 +off: the receiver is gone/);
    expect(output).toMatch(/whk_3 +failing \(4 in a row\)/);
  });

  test('adds one and shows its secret', async () => {
    api.answers['POST /v1/webhooks'] = { ...webhook, secret: 'whsec_AAAA' };
    const words = ['webhooks', 'add', webhook.url, '--on', 'run-failed', 'run-cancelled'];
    const { output } = await batuta(words, { api });
    expect(output).toBe('Webhook whk_1 is added.\nIts secret, which is never shown again: whsec_AAAA\n');
    expect((await api.received('POST /v1/webhooks')).body).toEqual({
      url: webhook.url,
      kinds: ['run-failed', 'run-cancelled'],
    });
  });

  test('rotates, disables and deletes', async () => {
    const until = '2026-11-22T10:00:00.000Z';
    const rotated = { ...webhook, previous_secret_until: until, secret: 'whsec_BBBB' };
    api.answers['POST /v1/webhooks/whk_1/rotate'] = rotated;
    const { output } = await batuta(['webhooks', 'rotate', 'whk_1', '--overlap', '2'], { api });
    expect(output).toContain('whsec_BBBB');
    expect(output).toContain('signs as well until 2026-11-22');
    expect((await api.received('POST /v1/webhooks/whk_1/rotate')).body).toEqual({ overlap_hours: 2 });
    api.answers['PATCH /v1/webhooks/whk_1'] = { ...webhook, enabled: false };
    expect((await batuta(['webhooks', 'disable', 'whk_1'], { api })).output).toBe('Webhook whk_1 is off.\n');
    expect((await api.received('PATCH /v1/webhooks/whk_1')).body).toEqual({ enabled: false });
    api.answers['DELETE /v1/webhooks/whk_1'] = {};
    const deleted = await batuta(['webhooks', 'delete', 'whk_1'], { api });
    expect(deleted.output).toBe('Webhook whk_1 is deleted.\n');
  });

  test('tests one, and says by its exit code whether the message was taken', async () => {
    api.answers['POST /v1/webhooks/whk_1/test'] = { ...delivery, status: 'delivered', last_status: 204 };
    const taken = await batuta(['webhooks', 'test', 'whk_1'], { api });
    expect([taken.code, taken.output]).toEqual([0, 'The receiver took the message (204).\n']);
    api.answers['POST /v1/webhooks/whk_1/test'] = delivery;
    const refused = await batuta(['webhooks', 'test', 'whk_1'], { api });
    const sentence = 'The message was not delivered: the receiver answered 500.\n';
    expect([refused.code, refused.output]).toEqual([1, sentence]);
  });

  test('lists deliveries and sends those that were given up again', async () => {
    api.answers['GET /v1/webhooks/whk_1/deliveries'] = { items: [delivery], next_cursor: null };
    const { output } = await batuta(['webhooks', 'deliveries', 'whk_1', '--status', 'dead'], { api });
    expect(output).toMatch(/evt_1_7 +run-failed +given up +13 /);
    api.answers['POST /v1/webhooks/whk_1/replay'] = { replayed: 3 };
    const replayed = await batuta(['webhooks', 'replay', 'whk_1'], { api });
    expect(replayed.output).toBe('Deliveries sent again: 3.\n');
  });

  test('refuses an unknown kind and says which there are', async () => {
    const { code, error } = await batuta(['webhooks', 'add', webhook.url, '--on', 'run-exploded'], { api });
    expect(code).toBe(64);
    expect(error).toContain('run-succeeded');
  });
});
