import { createHmac } from 'node:crypto';

const prefix = 'whsec_';
const secretBytes = 32;

/** Makes a secret as the Standard Webhooks specification writes one. */
export function makeWebhookSecret(randomBytes: (count: number) => Uint8Array): string {
  return prefix + Buffer.from(randomBytes(secretBytes)).toString('base64');
}

/** One message in one attempt. */
export interface SignedMessage {
  messageId: string;
  /** Milliseconds since the epoch of the attempt. */
  at: number;
  body: string;
}

/** The headers of the Standard Webhooks specification: one signature for each secret that is valid at this time. */
export function signMessage(message: SignedMessage, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(message.at / 1000));
  const content = `${message.messageId}.${timestamp}.${message.body}`;
  const signatures = secrets.map((secret) => `v1,${sign(content, secret)}`);
  return {
    'webhook-id': message.messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

function sign(content: string, secret: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}
