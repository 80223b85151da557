import { randomBytes } from 'node:crypto';
import { KeyRing } from '../../src/domain/secret/key-ring.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SealedWindowStates } from '../../src/application/browser/sealed-window-states.ts';
import type { SecretSealer } from '../../src/port/secret-store.ts';
import type { StoredWindow, WindowStateStore } from '../../src/port/window-state-store.ts';
import { makeTestBrowser, useBrowser } from './browser-kit.ts';
import { listenLocally, type LocalServer } from './egress-kit.ts';

const kept = new Map<string, StoredWindow>();
const store: WindowStateStore = {
  version: async (_tenant, id) => kept.get(id)?.version ?? 0,
  get: async (_tenant, id) => kept.get(id),
  put: async (_tenant, window) => {
    if ((kept.get(window.sessionId)?.version ?? 0) !== window.version - 1) return false;
    kept.set(window.sessionId, window);
    return true;
  },
};
const ring = new KeyRing([randomBytes(32)]);
const sealer: SecretSealer = {
  seal: async (place, value) => ring.seal(place, value, randomBytes),
  unseal: async (tenantId, sealed) => ring.open(tenantId, sealed) ?? '',
};
const makeStates = () => new SealedWindowStates({ store, sealer, randomBytes });

let site: LocalServer;

beforeAll(async () => {
  site = await listenLocally((request, response) => {
    if (request.url === '/in')
      response.setHeader('set-cookie', 'member=top-secret-cookie; Max-Age=999; Path=/');
    response.setHeader('content-type', 'text/html');
    response.end(
      `<p>${request.headers.cookie ?? 'nobody'}</p><script>document.title = localStorage.seen ?? 'new'; localStorage.seen = 'seen'</script>`,
    );
  });
});
afterAll(() => site.close());

/** A process of the platform with its own browser. */
function makeProcess() {
  const made = makeTestBrowser({ limits: { allowPrivate: [`127.0.0.1:${site.port}`] } });
  return { ...useBrowser(made.browser, { states: makeStates() }), close: made.close };
}

it('restores cookies, storage and pages in another process, encrypted in between', async () => {
  const first = makeProcess();
  await first.call('browser_open', { url: `${site.url}/in` });
  await first.sessions.close();
  await first.close();
  expect(Buffer.from(kept.get('ses_1')?.state ?? []).toString('latin1')).not.toContain('top-secret');

  const second = makeProcess();
  expect((await second.call('browser_observe', {})).text).toMatch(
    /\/in[\s\S]*title: seen[\s\S]*member=top-secret-cookie/,
  );
  await second.close();
});

it('goes on with what another process has kept meanwhile', async () => {
  const [one, other] = [makeProcess(), makeProcess()];
  await one.call('browser_open', { url: `${site.url}/a` });
  await other.call('browser_open', { url: `${site.url}/b` });
  expect((await one.call('browser_observe', {})).text).toContain('/b');
  await Promise.all([one.close(), other.close()]);
});

it('cannot be read in the place of another session or tenant', async () => {
  const states = makeStates();
  await states.write(
    { tenantId: 'alpha', sessionId: 'ses_7' },
    { state: { storage: {}, pages: [] }, version: 0 },
  );
  const moved = kept.get('ses_7');
  if (moved) kept.set('ses_8', { ...moved, sessionId: 'ses_8' });
  await expect(makeStates().read({ tenantId: 'alpha', sessionId: 'ses_8' })).rejects.toThrow(
    /authenticate|key|JSON/i,
  );
  await expect(makeStates().read({ tenantId: 'beta', sessionId: 'ses_7' })).rejects.toThrow(
    /authenticate|key|JSON/i,
  );
  expect(await makeStates().read({ tenantId: 'alpha', sessionId: 'ses_7' })).toMatchObject({ version: 1 });
});
