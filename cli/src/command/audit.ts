import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { AuditLogEntry, AuditLogFilter, AuditVerification } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { timeOption } from '../program/time-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** Which entries are wanted. */
interface AuditFilterOptions extends Omit<AuditLogFilter, 'since' | 'until'> {
  since?: string;
  until?: string;
}

/** Options of `batuta audit list`. */
export interface AuditListOptions extends AuditFilterOptions {
  limit: string;
}

/** Options of `batuta audit export`. */
export interface AuditExportOptions extends AuditFilterOptions {
  output?: string;
}

/** Options of `batuta audit verify`. */
export interface AuditVerifyOptions {
  since?: string;
  anchor?: string[];
}

/** `batuta audit`: who did what, newest first. */
export async function listAudit(context: CommandContext, options: AuditListOptions): Promise<number> {
  const { io, say } = context;
  const { limit: most, ...filter } = options;
  const limit = numberOption({ name: '--limit', value: most, least: 1, most: 200 }, say);
  const page = await withClient(context, (client) =>
    client.listAudit({ ...readFilter(context, filter), limit }),
  );
  const text = context.options.json ? `${JSON.stringify(page)}\n` : auditTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

/** `batuta audit export`: lines of JSON. */
export async function exportAudit(context: CommandContext, options: AuditExportOptions): Promise<number> {
  const { output, ...filter } = options;
  await withClient(context, async (client) => {
    const content = await client.exportAudit(readFilter(context, filter));
    if (output !== undefined) return pipeline(content, createWriteStream(output, { mode: 0o600 }));
    const decoder = new TextDecoder();
    for await (const piece of content)
      await writeText(context.io.output, decoder.decode(piece, { stream: true }));
  });
  return exitCodes.done;
}

/** `batuta audit verify`: exit code 1 when the log is not as it was written. */
export async function verifyAudit(context: CommandContext, options: AuditVerifyOptions): Promise<number> {
  const { io, say } = context;
  const since = timeOption({ name: '--since', value: options.since, now: io.now() }, say);
  const anchors = options.anchor?.join(',');
  const found = await withClient(context, (client) =>
    client.verifyAudit({
      ...(since === undefined ? {} : { since }),
      ...(anchors === undefined ? {} : { anchors }),
    }),
  );
  const text = context.options.json ? JSON.stringify(found) : verificationText(context, found);
  await writeText(io.output, `${text}\n`);
  return found.intact ? exitCodes.done : exitCodes.failed;
}

function verificationText({ say, style }: CommandContext, found: AuditVerification): string {
  const { fault, verified, first_seq: first, head, cut, unchecked_anchors: unchecked } = found;
  if (fault !== null) {
    const { seq, explanation } = fault;
    return `${style.bold(say('audit.broken', { seq, explanation }))}\n${say('audit.verifiedBefore', { count: verified })}`;
  }
  if (head === null) return say('audit.empty');
  const intact = say('audit.intact', { count: verified, first: first ?? head.seq });
  return [
    intact,
    ...(cut === null ? [] : [say('audit.cut', { anchor: `${cut.seq}:${cut.hash}` })]),
    ...(unchecked.length === 0 ? [] : [say('audit.unchecked', { numbers: unchecked.join(', ') })]),
    say('audit.head', { anchor: `${head.seq}:${head.hash}` }),
  ].join('\n');
}

function readFilter({ io, say }: CommandContext, options: AuditFilterOptions): AuditLogFilter {
  const { since, until, ...rest } = options;
  const from = timeOption({ name: '--since', value: since, now: io.now() }, say);
  const to = timeOption({ name: '--until', value: until, now: io.now() }, say);
  return {
    ...rest,
    ...(from === undefined ? {} : { since: from }),
    ...(to === undefined ? {} : { until: to }),
  };
}

function auditTable({ io, say, style }: CommandContext, entries: readonly AuditLogEntry[]): string {
  if (entries.length === 0) return `${say('empty.audit')}\n`;
  const titles = [
    say('audit.when'),
    say('audit.who'),
    say('audit.what'),
    say('audit.target'),
    say('audit.outcome'),
    say('audit.from'),
  ];
  const rows = entries.map((entry) => [
    formatMoment(entry.at),
    safeLine(entry.actor.name ?? entry.actor.id),
    entry.count > 1 ? `${entry.action} (${entry.count}x)` : entry.action,
    safeLine(entry.target ?? ''),
    entry.reason === null ? entry.outcome : `${entry.outcome}: ${entry.reason}`,
    entry.address ?? '',
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}
