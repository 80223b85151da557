import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { makePipeFolder } from '../../src/adapter/sandbox/pipe-folders.ts';

const place = mkdtempSync(join(tmpdir(), 'batuta-places-'));
afterEach(() => rmSync(place, { recursive: true }));

it('removes what killed processes of this machine have left, and nothing of others', async () => {
  const here = `batuta-pipes-${hostname()}`;
  const kept = [`${here}-${process.pid}-alive`, 'batuta-pipes-elsewhere-999999999-x', 'somebody'];
  for (const name of [...kept, `${here}-999999999-dead`]) {
    mkdirSync(join(place, name));
    writeFileSync(join(place, name, 'pipe'), '');
  }
  const made = await makePipeFolder(place);
  const left = readdirSync(place);
  expect(left.toSorted()).toEqual([...kept, made.slice(place.length + 1)].toSorted());
});
