import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBackupFile, writeBackupFile } from '../../src/adapter/backup-file/backup-file.ts';
import { makeBackupSpool } from '../../src/adapter/backup-file/backup-spool.ts';
import { splitLines } from '../../src/adapter/backup-file/split-lines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batuta-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function all(given: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of given) found.push(line);
  return found;
}

async function lines(path: string): Promise<string[]> {
  return all(readBackupFile(path));
}

it('gives back the lines that were written, whatever characters they hold', async () => {
  const path = join(folder, 'deep', 'one.batuta-backup');
  const written = ['a\u2028b', 'é\r', '', 'x'.repeat(3_000_000)];
  const { bytes } = await writeBackupFile(path, async (write) => {
    for (const line of written) await write(`${line}\n`);
  });
  expect(await lines(path)).toEqual(written);
  expect([statSync(path).mode & 0o777, statSync(path).size]).toEqual([0o600, bytes]);
});

it('leaves nothing behind when the backup fails', async () => {
  const broken = writeBackupFile(join(folder, 'one'), async (write) => {
    await write('begun\n');
    throw new RangeError('lost');
  });
  await expect(broken).rejects.toThrow('lost');
  expect(readdirSync(folder)).toEqual([]);
});

it('names the file that cannot be written or read', async () => {
  const inFile = join(folder, 'file');
  writeFileSync(inFile, '');
  const unusable = { code: 'backup-file-unusable', data: { path: join(inFile, 'one') } };
  await expect(writeBackupFile(join(inFile, 'one'), async () => 1)).rejects.toMatchObject(unusable);
  await expect(lines(join(folder, 'absent'))).rejects.toMatchObject({ code: 'backup-file-unusable' });
});

it('says so when a file is no backup or was cut off', async () => {
  const path = join(folder, 'one');
  writeFileSync(path, 'not compressed');
  await expect(lines(path)).rejects.toMatchObject({ code: 'backup-invalid' });
  await writeBackupFile(path, (write) => write('line\n'.repeat(10_000)));
  writeFileSync(path, readFileSync(path).subarray(0, -20));
  await expect(lines(path)).rejects.toMatchObject({ code: 'backup-invalid' });
});

it('splits lines wherever the pieces end', async () => {
  const text = Buffer.from('añb\n\nc😀\nrest');
  for (const size of [1, 2, 3, 5, 100]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      text.subarray(index * size, (index + 1) * size),
    );
    async function* chunks() {
      yield* pieces;
    }
    expect(await all(splitLines(chunks()))).toEqual(['añb', '', 'c😀', 'rest']);
  }
});

it('collects one backup at a time and keeps no file of it', async () => {
  const spool = makeBackupSpool(folder);
  const summary = { createdAt: '', migration: 1, rows: {} };
  const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
  const first = spool.collect(async (write) => {
    await write('one\n');
    await hold;
    return summary;
  });
  await expect(spool.collect(async () => summary)).rejects.toMatchObject({ code: 'backup-under-way' });
  letGo();
  const { content, bytes } = await first;
  expect(readdirSync(folder)).toEqual([]);
  expect((await new Response(content).arrayBuffer()).byteLength).toBe(bytes);
});
