import type {
  ChangeWebhook,
  CreateWebhookInput,
  Delivery,
  DeliveryPage,
  ListDeliveries,
  PageInput,
  Replayed,
  RotateWebhook,
  Webhook,
  WebhookPage,
  WebhookWithSecret,
} from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Call, Transport } from './transport.ts';

/** Calls about webhooks: addresses that are told of events. */
export class WebhookCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Adds a webhook. Only this answer holds its secret. */
  create(webhook: CreateWebhookInput, options: CallOptions = {}): Promise<WebhookWithSecret> {
    return this.#transport.send({ method: 'POST', path: '/v1/webhooks', body: webhook, ...options });
  }

  /** One page of webhooks, newest first. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<WebhookPage> {
    return this.#transport.send({
      path: '/v1/webhooks',
      query: pageQuery(page),
      isRepeatable: true,
      ...options,
    });
  }

  /** A webhook. */
  get(id: string, options: CallOptions = {}): Promise<Webhook> {
    return this.#transport.send({ path: webhookPath(id), isRepeatable: true, ...options });
  }

  /** Changes a webhook. Enabling it, or giving it another address, sends at once what waits. */
  change(id: string, change: ChangeWebhook, options: CallOptions = {}): Promise<Webhook> {
    return this.#transport.send({ method: 'PATCH', path: webhookPath(id), body: change, ...options });
  }

  /** Deletes a webhook with its deliveries. */
  delete(id: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: webhookPath(id), ...options });
  }

  /** Gives a webhook a new secret, which only this answer holds; the former one signs as well for a day unless said otherwise. */
  rotate(id: string, rotation: RotateWebhook = {}, options: CallOptions = {}): Promise<WebhookWithSecret> {
    return this.#transport.send(posted(`${webhookPath(id)}/rotate`, { body: rotation, ...options }));
  }

  /** Sends one message now, once, and tells what came of it. */
  test(id: string, options: CallOptions = {}): Promise<Delivery> {
    return this.#transport.send(posted(`${webhookPath(id)}/test`, options));
  }

  /** One page of deliveries, newest first. */
  deliveries(id: string, filter: ListDeliveries = {}, options: CallOptions = {}): Promise<DeliveryPage> {
    const path = `${webhookPath(id)}/deliveries`;
    const query = { status: filter.status, ...pageQuery(filter) };
    return this.#transport.send({ path, query, isRepeatable: true, ...options });
  }

  /** Sends a delivery that has ended again, with the same id. */
  replay(id: string, messageId: string, options: CallOptions = {}): Promise<Delivery> {
    const path = `${webhookPath(id)}/deliveries/${encodeURIComponent(messageId)}/replay`;
    return this.#transport.send(posted(path, options));
  }

  /** Sends the dead deliveries of a webhook again. */
  replayDead(id: string, options: CallOptions = {}): Promise<Replayed> {
    return this.#transport.send(posted(`${webhookPath(id)}/replay`, options));
  }
}

function posted(path: string, rest: Partial<Call>): Call {
  return { method: 'POST', path, ...rest };
}

function webhookPath(id: string): string {
  return `/v1/webhooks/${encodeURIComponent(id)}`;
}
