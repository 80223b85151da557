import type { Application } from '../application.ts';
import { listDeliveries, replayDead, replayDelivery, testWebhook } from './deliveries.ts';
import type { WebhookContext } from './webhook-context.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhook,
} from './webhooks.ts';

/** What doors can ask of webhooks. */
export function webhookUseCases(context: WebhookContext): Application['webhooks'] {
  return {
    create: (identity, body) => createWebhook(context, identity, body),
    get: (identity, id) => getWebhook(context, identity, id),
    list: (identity, page) => listWebhooks(context, identity, page),
    change: (identity, id, body) => changeWebhook(context, identity, { id, body }),
    delete: (identity, id) => deleteWebhook(context, identity, id),
    rotate: (identity, id, overlapHours) => rotateWebhook(context, identity, { id, overlapHours }),
    test: (identity, id) => testWebhook(context, identity, id),
    deliveries: (identity, id, filter) => listDeliveries(context, identity, { id, filter }),
    replay: (identity, id, messageId) => replayDelivery(context, identity, { id, messageId }),
    replayDead: (identity, id) => replayDead(context, identity, id),
  };
}
