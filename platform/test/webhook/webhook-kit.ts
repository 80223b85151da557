import type { JsonObject, WebhookKind, WebhookWithSecret } from '@batuta/contract';
import { AdvancingClock } from '@batuta/testkit/clock';
import type { FreshDatabase } from '@batuta/testkit/database';
import { makeTestVault } from '@batuta/testkit/vault';
import { makeUuidIds } from '../../src/adapter/ids-uuid/uuid-ids.ts';
import { makeWebhookSender } from '../../src/adapter/webhook-http/webhook-http.ts';
import type { Identity } from '../../src/application/access/identity.ts';
import { deliverWebhook, type NextJob } from '../../src/application/webhook/deliver-webhook.ts';
import type { WebhookContext } from '../../src/application/webhook/webhook-context.ts';
import { createWebhook } from '../../src/application/webhook/webhooks.ts';
import { messageIdOf } from '../../src/domain/webhook/announce.ts';
import { scopesOf } from '../../src/domain/identity/permissions.ts';
import { makeTurn, start } from '../conformance/make-run.ts';

/** Somebody of the tenant whose webhooks are tested. */
export const ana: Identity = {
  tenantId: 'acme',
  keyId: 'key_1',
  userId: null,
  name: 'Ana',
  role: 'administrator',
  scopes: scopesOf('administrator'),
  address: '192.0.2.7',
};

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Webhooks without a platform around them: the test is the queue, and says what time it is. */
export class WebhookKit {
  readonly clock = new AdvancingClock();
  readonly context: WebhookContext;
  readonly #stores: FreshDatabase;

  constructor(stores: FreshDatabase, changes: Partial<WebhookContext> = {}) {
    this.#stores = stores;
    this.context = {
      webhooks: stores.webhooks,
      vault: makeTestVault(stores, { clock: this.clock, log: silent }).vault,
      sender: makeWebhookSender({ allowPrivate: ['127.0.0.1'] }),
      jobs: null,
      clock: this.clock,
      ids: makeUuidIds(this.clock),
      log: silent,
      randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
      random: () => 0.5,
      settings: { timeoutMs: 15_000 },
      ...changes,
    };
  }

  add(url: string, kinds: WebhookKind[] = ['run-succeeded']): Promise<WebhookWithSecret> {
    return createWebhook(this.context, ana, { url, kinds, description: '', enabled: true });
  }

  /** Writes an event, as a run's commit does. Gives its id and the webhooks that it is for. */
  async announce(kind: WebhookKind = 'run-succeeded', data: JsonObject = { run_id: 'run_1' }) {
    const lease = await start(this.#stores.runs);
    const messageId = messageIdOf(lease.sessionId, 2);
    const receipt = await this.#stores.runs.commit(
      makeTurn(lease, 2, { announcements: [{ messageId, kind, data }] }),
    );
    return { messageId, webhooks: receipt.outcome === 'committed' ? (receipt.webhooks ?? []) : [] };
  }

  /** Delivers what is due, as a job does. */
  deliver(id: string, stopping = new AbortController().signal): Promise<NextJob | null> {
    return deliverWebhook(this.context, { tenantId: ana.tenantId, id }, stopping);
  }
}
