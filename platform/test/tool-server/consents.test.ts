import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import type { SecretVault } from '../../src/application/secret/secret-vault.ts';
import { makeTestVault } from '@batuta/testkit/vault';
import { KeptLog } from './kept-log.ts';
import { consent, followLink, openConsents } from './open-consents.ts';
import { call, closeSources, openSource } from './open-source.ts';
import { ProtectedServer } from './protected-server.ts';

const owner = { tenantId: 'main', userId: null };
let server: ProtectedServer;
let stores: FreshDatabase;
let vault: SecretVault;

beforeEach(async () => {
  server = await new ProtectedServer().listen();
  stores = await freshDatabase('pglite');
  ({ vault } = makeTestVault(stores, { clock: systemClock, log: new KeptLog() }));
});
afterEach(async () => {
  await closeSources();
  await server.close();
  stores.release();
});

const open = (change: { trusted?: string[] } = {}) => openConsents(server, { stores, vault, ...change });
const place = () => ({ kind: 'http' as const, url: server.url, headers: {}, perUser: true });

test('a person consents once: discovered, registered, with PKCE and for this resource only', async () => {
  const consents = open();
  const needed = await consents.needed(owner);
  const link = new URL(needed?.url ?? '');
  expect(needed?.server).toBe('mcp:tickets');
  expect(Object.fromEntries(link.searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    resource: server.url.href,
    scope: 'read',
    client_id: 'client-1',
  });
  expect((await consents.needed(owner))?.url).toBe(needed?.url);
  await consent(consents, { stores, vault }, owner);
  expect(await consents.needed(owner)).toBeNull();
  const source = await openSource(place(), { consents });
  expect((await call(source, 'read')).text).toBe('read was done');
  expect(server.registered).toHaveLength(1);
});

test('tokens are stored encrypted', async () => {
  await consent(open(), { stores, vault }, owner);
  const token = await open().token(owner);
  const client = await stores.engine.connect();
  await client.query(`begin; select set_config('batuta.tenant', 'main', true)`);
  const { rows } = await client.query('select ciphertext::text, scopes from batuta.grants');
  await client.query('rollback');
  client.release();
  expect(rows).toHaveLength(1);
  expect(Buffer.from(String(rows[0].ciphertext).slice(2), 'hex').toString('latin1')).not.toContain(token);
});

test('calls of many processes at once renew a token once, and the grant lives', async () => {
  server.lifeSeconds = 1;
  await consent(open(), { stores, vault }, owner);
  server.lifeSeconds = 3600;
  const processes = Array.from({ length: 4 }, () => open());
  const wishes = processes.flatMap((each) => Array.from({ length: 10 }, () => each.token(owner)));
  const tokens = await Promise.all(wishes);
  expect(new Set(tokens).size).toBe(1);
  expect(server.asked.filter((type) => type === 'refresh_token')).toHaveLength(1);
  expect(server.liveGrants).toBe(1);
});

test('a token that the server refuses is renewed in the middle of a call, also by many at once', async () => {
  const consents = open();
  await consent(consents, { stores, vault }, owner);
  const source = await openSource(place(), { consents });
  const stale = await consents.token(owner);
  expect(await open().refused(owner, stale)).toBe(true);
  const answers = await Promise.all(Array.from({ length: 10 }, () => call(source, 'read')));
  expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, () => 'read was done'));
  expect(server.asked.filter((type) => type === 'refresh_token')).toHaveLength(1);
});

test('what was withdrawn at the service is asked for again', async () => {
  const consents = open();
  await consent(consents, { stores, vault }, owner);
  const source = await openSource(place(), { consents });
  server.revokeAll();
  await expect(call(source, 'read')).rejects.toMatchObject({ code: 'authorization-needed' });
  expect(await stores.grants.get(owner, 'mcp:tickets')).toBeUndefined();
  expect((await consents.needed(owner))?.url).toContain('/authorize');
});

test('a server that cannot renew now costs nobody their grant', async () => {
  server.lifeSeconds = 30;
  await consent(open(), { stores, vault }, owner);
  server.failsRenewal = true;
  expect(await open().token(owner)).toEqual(expect.any(String));
  server.failsRenewal = false;
  expect(await open().token(owner)).toEqual(expect.any(String));
  expect(server.liveGrants).toBe(1);
});

test('a server that wants more has the person asked for that, too', async () => {
  const consents = open();
  await consent(consents, { stores, vault }, owner);
  const source = await openSource(place(), { consents });
  await expect(call(source, 'write')).rejects.toMatchObject({ code: 'authorization-needed' });
  const link = new URL((await consents.needed(owner))?.url ?? '');
  expect(link.searchParams.get('scope')).toBe('read write');
  await consent(consents, { stores, vault }, owner);
  expect((await call(source, 'write')).text).toBe('write was done');
});

test('a server cannot send the platform to an address inside', async () => {
  const inside = await new ProtectedServer().listen();
  server.issuer = inside.origin.replace('127.0.0.1', 'localhost');
  expect(await open().needed(owner)).toBeNull();
  expect(inside.registered).toEqual([]);
  await inside.close();
});

test('a code that was got for another request is no good', async () => {
  const consents = open();
  const returned = await followLink((await consents.needed(owner))?.url ?? '');
  returned.set('code', 'stolen');
  const request = await stores.grants.asked(owner, 'mcp:tickets', 0);
  const finished = request && consents.finish(request, returned);
  await expect(finished).rejects.toMatchObject({ code: 'authorization-failed' });
});
