import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBackupFile } from '../../src/adapter/backup-file/backup-file.ts';
import { openPlatform, type PlatformDoor } from '../http/open-platform.ts';
import { contentOf, openEmpty } from './backup-kit.ts';

let door: PlatformDoor;
let folder: string;
beforeAll(async () => {
  door = await openPlatform({ model: [{ text: 'Hello.' }] });
  folder = mkdtempSync(join(tmpdir(), 'batuta-backup-door-'));
});
afterAll(async () => {
  await door.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(key: string): Promise<Response> {
  const { port } = new URL(door.server.url);
  const headers = { authorization: `Bearer ${key}`, host: `127.0.0.1:${port}` };
  return fetch(`${door.server.url}/v1/backups`, { method: 'POST', headers });
}

it('is given to an administrator of the platform, whole, and can be restored', async () => {
  await door.platform.run('Hello');
  // The request itself is recorded after it.
  const before = await contentOf(door.platform.stores.engine);
  const answer = await ask(door.key);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(answer.headers.get('content-length')).toBe(String(bytes.length));
  const file = join(folder, 'one.batuta-backup');
  writeFileSync(file, bytes);
  const target = await openEmpty('pglite');
  await target.database.restore(readBackupFile(file), { resume: true });
  expect(await contentOf(target.engine)).toEqual(before);
  await target.database.close();
});

it('is not given to an administrator of another tenant', async () => {
  const answer = await ask(door.strangerKey);
  expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'permission-missing' }]);
});
