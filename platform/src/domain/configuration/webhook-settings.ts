import { integer, list } from './setting.ts';

/** Webhooks: addresses that are told of events. */
export const webhookSettings = {
  allowPrivate: list({
    variable: 'BATUTA_WEBHOOK_ALLOW_PRIVATE',
    about:
      'Hosts that webhooks may be sent to although their address is not public, also without TLS; * allows all, for an intranet.',
    each: 'hosts, host:port or *',
    pattern: /^(?:\*|(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?)$/i,
    default: [],
  }),
  timeoutSeconds: integer({
    variable: 'BATUTA_WEBHOOK_TIMEOUT_SECONDS',
    about: 'Seconds in which the receiver of a webhook must answer.',
    default: 15,
    min: 1,
    max: 60,
  }),
};
