import { makeWebhookSender } from '../adapter/webhook-http/webhook-http.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { PlatformParts } from './compose-platform.ts';

/** What delivers webhooks, from the configuration. */
export function webhookDelivery({ webhook }: Configuration): PlatformParts['webhookDelivery'] {
  const { allowPrivate, timeoutSeconds } = webhook;
  return { sender: makeWebhookSender({ allowPrivate }), settings: { timeoutMs: timeoutSeconds * 1000 } };
}
