import type { Delivery, DeliveryStatus } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** `batuta webhooks deliveries ID`: newest first. */
export async function listDeliveries(
  context: CommandContext,
  id: string,
  options: { status?: DeliveryStatus; limit: string },
): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const status = options.status === undefined ? {} : { status: options.status };
  const page = await withClient(context, (client) => client.listDeliveries(id, { limit, ...status }));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : deliveryTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

function deliveryTable({ io, say, style }: CommandContext, deliveries: readonly Delivery[]): string {
  if (deliveries.length === 0) return `${say('empty.deliveries')}\n`;
  const titles = [
    say('table.message'),
    say('table.type'),
    say('table.status'),
    say('table.attempts'),
    say('table.created'),
    say('table.next'),
    say('table.answer'),
  ];
  const rows = deliveries.map((delivery) => [
    delivery.message_id,
    delivery.type,
    say(`delivery.${delivery.status}`),
    String(delivery.attempts),
    formatMoment(delivery.created_at),
    delivery.next_attempt_at === null ? '' : formatMoment(delivery.next_attempt_at),
    safeLine(delivery.last_error ?? String(delivery.last_status ?? '')),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

/** `batuta webhooks replay ID [MESSAGE]`. */
export async function replayDeliveries(
  context: CommandContext,
  id: string,
  message: string | undefined,
): Promise<number> {
  const answer = await withClient(context, async (client) => {
    if (message === undefined) return await client.replayDeadDeliveries(id);
    return { replayed: 1, delivery: await client.replayDelivery(id, message) };
  });
  const sentence = context.say('webhook.replayed', { count: answer.replayed });
  await writeText(context.io.output, `${context.options.json ? JSON.stringify(answer) : sentence}\n`);
  return exitCodes.done;
}
