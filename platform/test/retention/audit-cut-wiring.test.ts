import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultTenant } from '../../src/composition/administrator-key.ts';
import { openDatabase } from '../../src/composition/open-database.ts';
import { makeEntry } from '../conformance/audit.ts';
import { clientOf, TestProject } from '../project/test-project.ts';

it(
  'a platform cuts away what its settings do not keep of the audit log, and says so in it',
  { timeout: 60_000 },
  async () => {
    await using project = new TestProject({ agents: {}, overrides: { 'retention.audit_days': '30' } });
    const directory = join(project.folder, '.batuta', 'database');
    const stores = await openDatabase({ directory });
    await stores.database.migrate();
    await stores.access.ensureTenant(defaultTenant, defaultTenant);
    const old = Array.from({ length: 40 }, (_, n) => makeEntry({ at: n + 1 }));
    await stores.audits.append(defaultTenant, old);
    await stores.database.close();
    const client = clientOf(await project.start());
    const found = () => client.audit.verify();
    await expect.poll(found, { timeout: 40_000 }).toMatchObject({ intact: true, first_seq: 41 });
    const { items } = await client.audit.list({ action: 'audit-cut' });
    expect(items).toMatchObject([{ after: { from_seq: 1, to_seq: 40, entries: 40 } }]);
  },
);
