import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';

const id = `grt_${'1'.padStart(26, '0')}`;
const at = '2026-11-21T10:00:00.000Z';

let api: FakeApi;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
});
afterEach(() => api.close());

describe('batuta authorizations', () => {
  test('lists consents, and nothing of their tokens', async () => {
    const grant = { id, service: 'mcp:tickets', user_id: null, scopes: ['read', 'write'], expires_at: null };
    const items = [{ ...grant, created_at: at, updated_at: at }];
    api.answers['GET /v1/authorizations'] = { items, next_cursor: null };
    const { code, output } = await batuta(['authorizations'], { api });
    expect(code).toBe(0);
    for (const word of [id, 'mcp:tickets', 'read write']) expect(output).toContain(word);
  });

  test('shows where to consent, or that it was done', async () => {
    const url = 'https://id.example.com/authorize?state=s';
    api.answers['POST /v1/authorizations'] = { service: 'mcp:tickets', url };
    const { output } = await batuta(['authorizations', 'begin', 'mcp:tickets'], { api });
    expect(output).toBe(`Open this address in a browser: ${url}\n`);
    api.answers['POST /v1/authorizations'] = { service: 'mcp:tickets', url: null };
    const again = await batuta(['authorizations', 'begin', 'mcp:tickets'], { api });
    expect(again.output).toBe('mcp:tickets was granted already.\n');
  });

  test('withdraws a consent', async () => {
    api.answers[`DELETE /v1/authorizations/${id}`] = {};
    const { code, output } = await batuta(['authorizations', 'revoke', id], { api });
    expect([code, output]).toEqual([0, `The consent ${id} was withdrawn.\n`]);
  });
});
