import { createHash } from 'node:crypto';
import { BatutaError } from '@batuta/contract';
import { z } from 'zod';

/*
 * A backup is text, one item a line:
 *
 *   #{"batuta_backup":1,"created_at":"...","migration":9,"sequences":{"run_positions":"17"}}
 *   #{"table":"events","columns":["session_id", ...]}
 *   "(ses_...,1,...)"                                  a row of that table as PostgreSQL writes one, as a JSON string
 *   #{"end":true,"rows":{"events":1},"sha256":"..."}   hash of every byte before this line
 *
 * Rows are only carried: PostgreSQL wrote them and PostgreSQL reads them, so that no number loses a digit and no text a
 * character (row_to_json would not do: its readers refuse the U+0000 that json values may hold). The last line tells a whole
 * backup from one that was cut off or changed.
 */

/** Version of the format. */
export const backupVersion = 1;

const headerSchema = z.strictObject({
  batuta_backup: z.literal(backupVersion),
  created_at: z.iso.datetime(),
  migration: z.int().positive(),
  sequences: z.record(z.string(), z.string().regex(/^\d{1,19}$/)),
});
/** First line of a backup. `sequences` holds the last value of each. */
export type BackupHeader = z.infer<typeof headerSchema>;

const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/);
const tableSchema = z.strictObject({ table: identifier, columns: z.array(identifier).min(1) });
/** First line of a table: its columns in the order in which rows have them. */
export type BackupTable = z.infer<typeof tableSchema>;

const endSchema = z.strictObject({
  end: z.literal(true),
  rows: z.record(z.string(), z.int().nonnegative()),
  sha256: z.string(),
});
/** Last line of a backup. */
export type BackupEnd = z.infer<typeof endSchema>;

/** A line that is not a row. */
export function controlLine(content: BackupHeader | BackupTable | BackupEnd): string {
  return `#${JSON.stringify(content)}\n`;
}

/** Hash over the lines of a backup, on the way out and on the way in. */
export class BackupHash {
  readonly #hash = createHash('sha256');

  add(text: string): void {
    this.#hash.update(text);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** One thing that a reader of a backup meets. */
export type BackupItem =
  | { kind: 'header'; header: BackupHeader }
  | { kind: 'table'; table: BackupTable }
  | { kind: 'row'; row: string }
  | { kind: 'end'; end: BackupEnd };

/**
 * Reads a backup line by line and checks it. Errors: `backup-invalid` for what is no backup, was cut off or was changed; what
 * was handed out before that must then be thrown away.
 */
export async function* readItems(lines: AsyncIterable<string>): AsyncGenerator<BackupItem> {
  const check = new WholeCheck();
  let place = 0;
  for await (const line of lines) {
    place += 1;
    const item = place === 1 ? readHeader(line) : readItem(line, place);
    check.meet(item, line);
    yield item;
  }
  check.end(place);
}

/** Follows a backup from its first line to its last: counts, hash, and that nothing is missing or too much. */
class WholeCheck {
  readonly #hash = new BackupHash();
  readonly #counts = new Map<string, number>();
  #table: string | undefined;
  #isWhole = false;

  meet(item: BackupItem, line: string): void {
    if (this.#isWhole) throw invalid('something stands behind its end');
    if (item.kind === 'table') this.#table = item.table.table;
    if (item.kind === 'row') this.#count();
    if (item.kind === 'end') {
      checkEnd(item.end, { hash: this.#hash.digest(), counts: this.#counts });
      this.#isWhole = true;
    } else {
      this.#hash.add(`${line}\n`);
    }
  }

  end(lines: number): void {
    if (!this.#isWhole) throw invalid(lines === 0 ? 'it is empty' : 'its end is missing: it was cut off');
  }

  #count(): void {
    if (this.#table === undefined) throw invalid('it begins with rows of no table');
    this.#counts.set(this.#table, (this.#counts.get(this.#table) ?? 0) + 1);
  }
}

function readHeader(line: string): BackupItem {
  const header = headerSchema.safeParse(parseControl(line));
  if (header.success) return { kind: 'header', header: header.data };
  throw invalid('it does not begin like a backup of Batuta');
}

function readItem(line: string, place: number): BackupItem {
  if (!line.startsWith('#')) return { kind: 'row', row: readRow(line, place) };
  const content = parseControl(line);
  const table = tableSchema.safeParse(content);
  if (table.success) return { kind: 'table', table: table.data };
  const end = endSchema.safeParse(content);
  if (end.success) return { kind: 'end', end: end.data };
  throw invalid(`line ${place} cannot be read`);
}

function readRow(line: string, place: number): string {
  try {
    const row: unknown = JSON.parse(line);
    if (typeof row === 'string') return row;
  } catch {
    // Told below, as for any other line that is no row.
  }
  throw invalid(`line ${place} cannot be read`);
}

function parseControl(line: string): unknown {
  try {
    return line.startsWith('#') ? JSON.parse(line.slice(1)) : undefined;
  } catch {
    return undefined;
  }
}

function checkEnd(end: BackupEnd, found: { hash: string; counts: ReadonlyMap<string, number> }): void {
  for (const [table, rows] of Object.entries(end.rows)) {
    const count = found.counts.get(table) ?? 0;
    if (count !== rows) throw invalid(`table ${table} has ${count} rows instead of ${rows}`);
  }
  if (end.sha256 !== found.hash) throw invalid('its content is not what was written: the hash differs');
}

/** The error `backup-invalid`. */
export function invalid(reason: string): BatutaError<'backup-invalid'> {
  return new BatutaError('backup-invalid', { reason });
}
