import { startTestPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeEntry } from '../conformance/audit.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({});
  await platform.application.keys.create(platform.identity, { name: 'keeper', role: 'administrator' });
  for (let page = 0; page < 20; page += 1)
    await platform.stores.audits.append(
      platform.identity.tenantId,
      Array.from({ length: 500 }, () => makeEntry()),
    );
}, 60_000);
afterAll(async () => {
  await platform.stop(0);
  platform.stores.release();
});

/** An export that has begun, by somebody with a key of their own. */
async function beginExport() {
  const { application, identity } = platform;
  const made = await application.keys.create(identity, { name: 'exporter', role: 'administrator' });
  const lines = application.audit.export(await application.access.authenticate(made.key), {});
  const pages = lines[Symbol.asyncIterator]();
  await pages.next();
  return { pages, id: made.id };
}

it('an export of the audit log that has begun ends, unmistakably, when its key is revoked', async () => {
  const { pages, id } = await beginExport();
  await platform.application.keys.revoke(platform.identity, id);
  const rest = async () => {
    for (let next = await pages.next(); next.done !== true; next = await pages.next());
  };
  await expect(rest()).rejects.toMatchObject({ code: 'access-ended', data: { reason: 'key-revoked' } });
});

it('an export goes on to its end while its key is good', async () => {
  const { pages } = await beginExport();
  let count = 1;
  for (let next = await pages.next(); next.done !== true; next = await pages.next()) count += 1;
  expect(count).toBeGreaterThan(20);
});
