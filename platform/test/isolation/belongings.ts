import type { TestPlatformOptions } from '@batuta/testkit/platform';
import type { PlatformDoor } from '../http/open-platform.ts';
import { send } from '../http/open-door.ts';
import { callOnce } from '../scenario/model-fixtures.ts';
import { countingTool } from '../scenario/tool-fixtures.ts';

/** A word that stands in everything that the owner has: who finds it in an answer has found what is not theirs. */
export const mark = 'cobalt-heron';

/** Ids of everything that a tenant can have. A part that adds a thing adds its id here and makes it in `fillTenant`. */
export interface Belongings {
  run: string;
  session: string;
  approval: string;
  approvalLink: string;
  artifact: string;
  apiKey: string;
  user: string;
  webhook: string;
  message: string;
  secret: string;
  schedule: string;
  authorization: string;
  budget: string;
  tenant: string;
}

/** A model and tools with which one run leaves a file, and a question for a person. */
export function isolationOptions(): TestPlatformOptions {
  const read = countingTool('read', { readOnly: true, execute: async () => `${mark} `.repeat(1_000) });
  const write = countingTool('write', {
    destructive: true,
    timeoutMs: 10,
    execute: () => new Promise(() => undefined),
  });
  return { tools: [read.tool, write.tool], model: callOnce({ tool: 'read' }, { tool: 'write' }) };
}

/** A consent as a service would have given it. */
async function addGrant({ stores }: PlatformDoor['platform']): Promise<string> {
  const grant = {
    id: `grt_${'1'.padStart(26, '0')}`,
    tenantId: 'alpha',
    userId: null,
    service: 'mcp:theirs',
  };
  const sealed = { name: 'n', keyId: 'k', nonce: new Uint8Array(1), ciphertext: new Uint8Array(1) };
  const audit = { action: 'authorization-granted', actor: 'test', actorKind: 'system' as const };
  const entry = {
    ...audit,
    target: grant.id,
    outcome: 'succeeded' as const,
    address: null,
    before: null,
    after: null,
  };
  await stores.grants.put({ ...grant, scopes: [mark], sealed, expiresAt: null }, entry);
  return grant.id;
}

/** Makes one of everything for the owner's tenant, through the door. */
export async function fillTenant({ app, key, platform }: PlatformDoor): Promise<Belongings> {
  const post = async (path: string, json: unknown): Promise<Record<string, unknown>> => {
    const answer = await send(app, path, { key, json });
    const body: unknown = await answer.json();
    if (!answer.ok) throw new TypeError(`${path}: ${JSON.stringify(body)}`);
    return body as Record<string, unknown>;
  };
  const input = [
    { type: 'text', text: `Go, ${mark}` },
    { type: 'file', media_type: 'text/plain', data: btoa(mark) },
  ];
  const run = await post('/v1/runs', { agent: 'assistant', input, wait: 10, metadata: { mark } });
  const log = await platform.events(String(run['session_id']));
  const asked = log.find((event) => event.kind === 'approval-requested');
  const settled = log.find((event) => event.kind === 'tool-call-settled');
  const approval = asked?.data.approval_id ?? '';
  const link = await post(`/v1/approvals/${approval}/links`, { recipient: mark });
  const user = await post('/v1/users', { name: mark, role: 'member', email: `${mark}@example.com` });
  const apiKey = await post('/v1/keys', { name: mark, role: 'viewer' });
  const webhook = await post('/v1/webhooks', {
    url: 'https://hooks.example.com/in',
    kinds: ['run-succeeded'],
    description: mark,
  });
  const daily = { name: mark, agent: 'assistant', input: mark, cron: '@daily' };
  const schedule = await post('/v1/schedules', daily);
  const budget = await post('/v1/budgets', { name: mark, scope: 'tenant', per: 'month', limit_usd: 100 });
  await send(app, '/v1/secrets/theirs', { method: 'PUT', key, json: { value: mark } });
  await send(app, '/v1/tenant', { method: 'PATCH', key, json: { name: mark } });
  return {
    run: String(run['id']),
    session: String(run['session_id']),
    approval,
    approvalLink: String(link['id']),
    artifact: settled?.data.artifact?.artifact_id ?? '',
    apiKey: String(apiKey['id']),
    user: String(user['id']),
    webhook: String(webhook['id']),
    message: `evt_${String(run['session_id']).slice(4)}_1`,
    secret: 'theirs',
    schedule: String(schedule['id']),
    authorization: await addGrant(platform),
    budget: String(budget['id']),
    tenant: 'alpha',
  };
}
