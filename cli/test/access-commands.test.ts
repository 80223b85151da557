import { BatutaError } from '@batuta/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';

let api: FakeApi;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
});
afterEach(() => api.close());

const key = {
  id: 'key_1',
  name: 'ci',
  hint: 'wxyz',
  role: 'operator',
  scopes: ['runs:read'],
  user_id: null,
  created_at: '2026-11-21T10:00:00.000Z',
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
  rotated_from: null,
  replaced_by: null,
};
const user = {
  id: 'usr_1',
  name: 'Ana',
  email: null,
  role: 'member',
  identity: null,
  created_at: '2026-11-21T10:00:00.000Z',
  disabled_at: null,
};

describe('batuta keys', () => {
  test('gives a new key to standard output alone, so that it can be piped', async () => {
    api.answers['POST /v1/keys'] = { ...key, key: 'btk_secret' };
    const args = [
      'keys',
      'create',
      'ci',
      '--role',
      'operator',
      '--scope',
      'runs:read',
      '--expires',
      '90',
      '--nobody',
    ];
    const { code, output, error } = await batuta(args, { api });
    expect([code, output]).toEqual([0, 'btk_secret\n']);
    expect(error).toContain('shown only now');
    expect(api.calls.at(-1)?.body).toEqual({
      name: 'ci',
      role: 'operator',
      scopes: ['runs:read'],
      user_id: null,
      expires_in_days: 90,
    });
  });

  test('lists them by their last characters', async () => {
    api.answers['GET /v1/keys'] = { items: [key], next_cursor: null };
    expect((await batuta(['keys'], { api })).output).toMatch(/key_1 +ci +operator +- +- +\.\.\.wxyz/);
  });

  test('rotates with an overlap, and revokes', async () => {
    api.answers['POST /v1/keys/key_1/rotate'] = { ...key, id: 'key_2', key: 'btk_new' };
    api.answers['DELETE /v1/keys/key_1'] = undefined;
    const rotated = await batuta(['keys', 'rotate', 'key_1', '--overlap', '2'], { api });
    expect([rotated.output, api.calls.at(-1)?.body]).toEqual(['btk_new\n', { overlap_hours: 2 }]);
    expect(rotated.error).toContain('key_2 takes the place of key_1');
  });

  test.each([
    ['keys', 'create', 'ci'],
    ['keys', 'create', 'ci', '--role', 'king'],
    ['keys', 'create', 'ci', '--role', 'member', '--expires', '0'],
    ['keys', 'rotate', 'key_1', '--overlap', 'long'],
  ])('asks for what it needs: %s %s', async (...args) => {
    const { code } = await batuta(args, { api });
    expect([code, api.calls.filter(({ call }) => call.startsWith('POST'))]).toEqual([64, []]);
  });

  test('says why a key is not made', async () => {
    api.answers['POST /v1/keys'] = new BatutaError('grant-too-wide', { excess: 'the role administrator' });
    const { code, error } = await batuta(['keys', 'create', 'x', '--role', 'administrator'], { api });
    expect(code).toBe(1);
    expect(error).toContain('You cannot give away more than you have: the role administrator.');
  });
});

describe('batuta users, tenants and whoami', () => {
  test('adds a user whom an identity provider knows', async () => {
    api.answers['POST /v1/users'] = user;
    const identity = ['--issuer', 'https://id.example.com', '--subject', 'ana'];
    const { output } = await batuta(['users', 'create', 'Ana', '--role', 'member', ...identity], { api });
    expect(output).toMatch(/usr_1 +Ana +member/);
    expect(api.calls.at(-1)?.body).toMatchObject({
      identity: { issuer: 'https://id.example.com', subject: 'ana' },
    });
  });

  test('disables a user, and changes only what is named', async () => {
    api.answers['PATCH /v1/users/usr_1'] = { ...user, disabled_at: '2026-11-21T10:00:00.000Z' };
    await batuta(['users', 'disable', 'usr_1'], { api });
    expect(api.calls.at(-1)?.body).toEqual({ disabled: true });
    await batuta(['users', 'change', 'usr_1', '--role', 'viewer'], { api });
    expect(api.calls.at(-1)?.body).toEqual({ role: 'viewer' });
  });

  test('makes a tenant, whose first key goes to standard output', async () => {
    const tenant = { id: 'acme', name: 'Acme', created_at: user.created_at, disabled_at: null };
    api.answers['POST /v1/tenants'] = { tenant, key: { ...key, key: 'btk_first' } };
    expect((await batuta(['tenants', 'create', 'acme', 'Acme'], { api })).output).toBe('btk_first\n');
    api.answers['PATCH /v1/tenants/acme'] = tenant;
    await batuta(['tenants', 'plan', 'acme'], { api });
    expect(api.calls.at(-1)?.body).toEqual({ plan: null });
  });

  test('shows a name as text, whatever stands in it', async () => {
    const me = { tenant_id: 'acme', user_id: null, key_id: 'key_1', role: 'viewer', scopes: ['runs:read'] };
    api.answers['GET /v1/me'] = { ...me, name: 'a\u001b[2Jb' };
    const { output } = await batuta(['whoami'], { api });
    expect(output).toContain('viewer in the tenant acme');
    expect(output).not.toContain('\u001b[2J');
  });
});
