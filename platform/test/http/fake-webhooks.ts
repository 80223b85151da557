import { BatutaError, type Delivery, type Webhook } from '@batuta/contract';
import type { Identity } from '../../src/application/access/identity.ts';
import type { Application } from '../../src/application/application.ts';

const at = '2026-11-21T00:00:00.000Z';
const end = (digit: string) => digit.padStart(26, '0');

/** Webhooks of the fake: of the first tenant, and of the second. */
export const fakeWebhooks = { own: `whk_${end('1')}`, foreign: `whk_${end('9')}` };
/** Messages of the fake: one that is pending, and one that nobody knows. */
export const fakeMessages = { known: `evt_${end('1')}_7`, unknown: `evt_${end('2')}_7` };

function own({ tenantId }: Identity, id: string): Webhook {
  if (tenantId !== 'one' || id !== fakeWebhooks.own) throw new BatutaError('webhook-unknown', { id });
  return {
    id,
    url: 'https://example.com/hooks',
    kinds: ['run-failed'],
    description: '',
    enabled: true,
    disabled_reason: null,
    failures: 0,
    paused_until: null,
    previous_secret_until: null,
    created_at: at,
    updated_at: at,
  };
}

function delivery(webhook: Webhook, messageId: string): Delivery {
  return {
    message_id: messageId,
    webhook_id: webhook.id,
    type: 'run-failed',
    status: 'pending',
    attempts: 1,
    created_at: at,
    next_attempt_at: at,
    last_attempt_at: at,
    last_status: 500,
    last_error: 'the receiver answered 500',
    delivered_at: null,
  };
}

function page<T>(cursor: string | undefined, items: T[]) {
  if (cursor !== undefined) throw new BatutaError('cursor-invalid', { cursor });
  return { items, next_cursor: null };
}

/** The webhooks of a fake application: one of the first tenant, with one delivery. */
export function makeFakeWebhooks(): Application['webhooks'] {
  return {
    create: async (identity) => ({ ...own(identity, fakeWebhooks.own), secret: 'whsec_AAAA' }),
    get: async (identity, id) => own(identity, id),
    list: async (identity, { cursor }) => page(cursor, [own(identity, fakeWebhooks.own)]),
    change: async (identity, id) => own(identity, id),
    delete: async (identity, id) => void own(identity, id),
    rotate: async (identity, id) => ({ ...own(identity, id), secret: 'whsec_BBBB' }),
    test: async (identity, id) => delivery(own(identity, id), fakeMessages.known),
    deliveries: async (identity, id, { cursor }) =>
      page(cursor, [delivery(own(identity, id), fakeMessages.known)]),
    replay: async (identity, id, messageId) => {
      const webhook = own(identity, id);
      if (messageId !== fakeMessages.known)
        throw new BatutaError('delivery-unknown', { id: webhook.id, message_id: messageId });
      throw new BatutaError('delivery-pending', { message_id: messageId, next_attempt_at: at });
    },
    replayDead: async (identity, id) => ({ replayed: own(identity, id) ? 1 : 0 }),
  };
}
