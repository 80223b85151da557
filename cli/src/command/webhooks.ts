import type { CreateWebhookInput, Webhook, WebhookWithSecret } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { shorten } from '../terminal/display-width.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** `batuta webhooks`: newest first. */
export async function listWebhooks(context: CommandContext, options: { limit: string }): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const page = await withClient(context, (client) => client.listWebhooks({ limit }));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : webhookTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

function webhookTable({ io, say, style }: CommandContext, webhooks: readonly Webhook[]): string {
  if (webhooks.length === 0) return `${say('empty.webhooks')}\n`;
  const titles = [say('table.webhook'), say('table.state'), say('table.url'), say('table.kinds')];
  const rows = webhooks.map((webhook) => [
    webhook.id,
    stateOf(webhook, say),
    shorten(safeLine(webhook.url), 80),
    webhook.kinds.join(', '),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

function stateOf(webhook: Webhook, say: CommandContext['say']): string {
  if (webhook.disabled_reason === 'gone') return say('webhook.gone');
  if (!webhook.enabled) return say('webhook.off');
  return webhook.failures > 0 ? say('webhook.failing', { count: webhook.failures }) : say('webhook.on');
}

/** `batuta webhooks add URL`. */
export async function addWebhook(context: CommandContext, webhook: CreateWebhookInput): Promise<number> {
  const added = await withClient(context, (client) => client.createWebhook(webhook));
  return await tellSecret(context, added, context.say('webhook.added', { id: added.id }));
}

/** `batuta webhooks rotate ID`. */
export async function rotateWebhook(
  context: CommandContext,
  id: string,
  options: { overlap: string },
): Promise<number> {
  const { say } = context;
  const hours = numberOption({ name: '--overlap', value: options.overlap, least: 0, most: 720 }, say);
  const rotated = await withClient(context, (client) => client.rotateWebhook(id, { overlap_hours: hours }));
  const until = rotated.previous_secret_until;
  const former = until === null ? '' : ` ${say('webhook.former', { until: formatMoment(until) })}`;
  return await tellSecret(context, rotated, `${say('webhook.rotated', { id })}${former}`);
}

async function tellSecret(
  { io, say, options }: CommandContext,
  webhook: WebhookWithSecret,
  sentence: string,
): Promise<number> {
  const told = `${sentence}\n${say('webhook.secret', { secret: webhook.secret })}`;
  await writeText(io.output, `${options.json ? JSON.stringify(webhook) : told}\n`);
  return exitCodes.done;
}

/** `batuta webhooks show ID`. */
export async function showWebhook(context: CommandContext, id: string): Promise<number> {
  const webhook = await withClient(context, (client) => client.getWebhook(id));
  const text = context.options.json
    ? `${JSON.stringify(webhook, null, 2)}\n`
    : webhookTable(context, [webhook]);
  await writeText(context.io.output, text);
  return exitCodes.done;
}

/** `batuta webhooks enable ID`. */
export async function enableWebhook(context: CommandContext, id: string): Promise<number> {
  return await switchTo(context, id, true);
}

/** `batuta webhooks disable ID`. */
export async function disableWebhook(context: CommandContext, id: string): Promise<number> {
  return await switchTo(context, id, false);
}

async function switchTo(context: CommandContext, id: string, enabled: boolean): Promise<number> {
  const webhook = await withClient(context, (client) => client.changeWebhook(id, { enabled }));
  const sentence = context.say(enabled ? 'webhook.enabled' : 'webhook.disabled', { id: webhook.id });
  await writeText(context.io.output, `${context.options.json ? JSON.stringify(webhook) : sentence}\n`);
  return exitCodes.done;
}

/** `batuta webhooks test ID`: exit code 1 when the receiver did not take the message. */
export async function testWebhook(context: CommandContext, id: string): Promise<number> {
  const { say } = context;
  const delivery = await withClient(context, (client) => client.testWebhook(id));
  const isDelivered = delivery.status === 'delivered';
  const sentence = isDelivered
    ? say('webhook.delivered', { status: delivery.last_status ?? '' })
    : say('webhook.undelivered', { error: safeLine(delivery.last_error ?? '') });
  await writeText(context.io.output, `${context.options.json ? JSON.stringify(delivery) : sentence}\n`);
  return isDelivered ? exitCodes.done : exitCodes.failed;
}

/** `batuta webhooks delete ID`. */
export async function deleteWebhook(context: CommandContext, id: string): Promise<number> {
  await withClient(context, (client) => client.deleteWebhook(id));
  await writeText(
    context.io.output,
    context.options.json ? '' : `${context.say('webhook.deleted', { id })}\n`,
  );
  return exitCodes.done;
}
