import { badBodies, badIds, badPages, invalid, post, type BadInput } from './bad-input-kit.ts';
import { fakeMessages, fakeWebhooks } from './fake-webhooks.ts';

const webhook = { thing: 'webhook', foreign: fakeWebhooks.foreign };
const good = { url: 'https://example.com/hooks', kinds: ['run-failed'] };
const own = `/v1/webhooks/${fakeWebhooks.own}`;

function asMethod(method: string, cases: readonly BadInput[]): BadInput[] {
  return cases.map((bad) => ({ ...bad, request: { ...bad.request, method } }));
}

/** The bad inputs of webhooks. */
export const webhookBadInputs: Readonly<Record<string, readonly BadInput[]>> = {
  'GET /v1/webhooks': badPages('/v1/webhooks'),
  'POST /v1/webhooks': [
    ...badBodies('/v1/webhooks', good),
    invalid('no address', '/v1/webhooks', post({ kinds: ['run-failed'] })),
    invalid('a file', '/v1/webhooks', post({ ...good, url: 'file:///etc/passwd' })),
    invalid('half an address', '/v1/webhooks', post({ ...good, url: '/hooks' })),
    invalid('an unknown kind', '/v1/webhooks', post({ ...good, kinds: ['run-exploded'] })),
    invalid('a kind twice', '/v1/webhooks', post({ ...good, kinds: ['run-failed', 'run-failed'] })),
    invalid('no kinds', '/v1/webhooks', post({ ...good, kinds: [] })),
  ],
  'GET /v1/webhooks/{id}': badIds((x) => `/v1/webhooks/${x}`, webhook),
  'PATCH /v1/webhooks/{id}': [
    ...badBodies(own, { enabled: false }, 'PATCH'),
    ...asMethod(
      'PATCH',
      badIds((x) => `/v1/webhooks/${x}`, webhook, { enabled: false }),
    ),
    invalid('no change', own, post({}, 'PATCH')),
    invalid('its id', own, post({ id: fakeWebhooks.foreign }, 'PATCH')),
  ],
  'DELETE /v1/webhooks/{id}': asMethod(
    'DELETE',
    badIds((x) => `/v1/webhooks/${x}`, webhook),
  ),
  'POST /v1/webhooks/{id}/rotate': [
    ...badBodies(`${own}/rotate`, {}),
    ...badIds((x) => `/v1/webhooks/${x}/rotate`, webhook, {}),
    invalid('a negative overlap', `${own}/rotate`, post({ overlap_hours: -1 })),
  ],
  'POST /v1/webhooks/{id}/test': asMethod(
    'POST',
    badIds((x) => `/v1/webhooks/${x}/test`, webhook),
  ),
  'GET /v1/webhooks/{id}/deliveries': [
    ...badIds((x) => `/v1/webhooks/${x}/deliveries`, webhook),
    ...badPages(`${own}/deliveries`),
    invalid('an unknown status', `${own}/deliveries?status=lost`),
  ],
  'POST /v1/webhooks/{id}/replay': asMethod(
    'POST',
    badIds((x) => `/v1/webhooks/${x}/replay`, webhook),
  ),
  'POST /v1/webhooks/{id}/deliveries/{message_id}/replay': [
    ...[fakeMessages.unknown, 'nonsense', 'evt_1', 'a%00b'].map((message) => ({
      what: 'an unknown message',
      path: `${own}/deliveries/${message}/replay`,
      request: { method: 'POST' },
      status: 404,
      code: 'delivery-unknown',
    })),
    {
      what: "another tenant's webhook",
      path: `/v1/webhooks/${fakeWebhooks.foreign}/deliveries/${fakeMessages.known}/replay`,
      request: { method: 'POST' },
      status: 404,
      code: 'webhook-unknown',
    },
    {
      what: 'a delivery that is pending',
      path: `${own}/deliveries/${fakeMessages.known}/replay`,
      request: { method: 'POST' },
      status: 409,
      code: 'delivery-pending',
    },
  ],
};
