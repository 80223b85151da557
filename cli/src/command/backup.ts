import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RestoreReport } from '@batuta/platform';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { codeOf, failure } from '../failure.ts';
import { writeText } from '../terminal/io.ts';
import { formatBytes } from '../terminal/quantity.ts';

/** What was written, for people and for programs. */
interface Written {
  file: string;
  createdAt: string;
  bytes: number;
}

/** `batuta backup [file]`: everything, as of one instant; the platform goes on. */
export async function backup(context: CommandContext, name: string | undefined): Promise<number> {
  const file = path.resolve(name ?? defaultName(context));
  const written = await write(context, file);
  const { createdAt, bytes } = written;
  const text = context.options.json
    ? JSON.stringify(written)
    : context.say('backup.written', { file, size: formatBytes(bytes), moment: createdAt });
  await writeText(context.io.output, `${text}\n`);
  return exitCodes.done;
}

function defaultName({ io }: CommandContext): string {
  const moment = new Date(io.now()).toISOString().slice(0, 19).replaceAll(':', '-');
  return `batuta-${moment}.batuta-backup`;
}

/** From the database itself; an embedded one that a platform uses, or one elsewhere, through that platform. */
async function write(context: CommandContext, file: string): Promise<Written> {
  if (context.options.url !== undefined) return download(context, file);
  const platform = await context.loadPlatform();
  const project = { projectFolder: context.projectFolder, environment: context.io.environment };
  try {
    const { createdAt, bytes } = await platform.backupDatabase(project, file);
    return { file, createdAt, bytes: bytes ?? 0 };
  } catch (error) {
    if (codeOf(error) !== 'data-directory-locked') throw error;
    return download(context, file);
  }
}

async function download(context: CommandContext, file: string): Promise<Written> {
  return withClient(context, async (client) => {
    const { content, bytes, createdAt } = await client.createBackup();
    const part = `${file}.part`;
    try {
      await pipeline(content, createWriteStream(part, { mode: 0o600, flush: true }));
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw await failure('backup-file-unusable', { path: file, reason: String(error) }, error);
    }
    return { file, createdAt, bytes };
  });
}

/** `batuta restore <file>`: into an empty database. */
export async function restore(
  context: CommandContext,
  name: string,
  options: { resume?: boolean },
): Promise<number> {
  const platform = await context.loadPlatform();
  const project = { projectFolder: context.projectFolder, environment: context.io.environment };
  const resume = options.resume ?? false;
  const report = await platform.restoreDatabase(project, { file: path.resolve(name), resume });
  const text = context.options.json ? `${JSON.stringify(report)}\n` : restoredText(context, report, resume);
  await writeText(context.io.output, text);
  return exitCodes.done;
}

function restoredText({ say, style }: CommandContext, report: RestoreReport, resume: boolean): string {
  const { database, createdAt, rows } = report;
  const counts = { sessions: rows['sessions'] ?? 0, runs: rows['runs'] ?? 0, events: rows['events'] ?? 0 };
  const lines = [
    say('restore.done', { database, moment: createdAt, ...counts }),
    style.dim(say(resume ? 'restore.resumed' : 'restore.stopped')),
    ...report.missingKeys.map(({ keyId, count, how }) => say('restore.key', { id: keyId, count, how })),
  ];
  return `${lines.join('\n')}\n`;
}
