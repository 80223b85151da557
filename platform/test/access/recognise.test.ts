import { BatutaError } from '@batuta/contract';
import type { SignInParts } from '@batuta/platform/composition';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JoseVerifier } from '../../src/adapter/jwt-jose/jose-verifier.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { issuerSchema } from '../../src/domain/identity/issuer.ts';
import { MemoryLog } from '../http/open-door.ts';
import { IssuerServer } from './issuer-server.ts';

let server: IssuerServer;
beforeAll(async () => {
  server = await IssuerServer.start();
});
afterAll(() => server.close());

function parts(settings: object): SignInParts {
  const issuer = issuerSchema.parse({ issuer: server.address, audience: 'batuta', ...settings });
  const verifier = new JoseVerifier({ issuers: [issuer], clock: systemClock, log: new MemoryLog() });
  return { issuers: [issuer], verifier, login: null, clientId: undefined };
}

const mapped = {
  claims: { role: 'realm.roles', tenant: 'org' },
  roles: { boss: 'administrator', ops: 'operator', staff: 'member' },
  create_users: true,
};

async function enter({ application }: TestPlatform, claims: object): Promise<object> {
  return application.access.authenticate(await server.token({ ...claims })).catch((error: unknown) => {
    if (BatutaError.is(error)) return { code: error.code, message: error.message };
    throw error;
  });
}

describe('claims', () => {
  it('say who somebody is: their tenant, what they are called, and the most of their roles', async () => {
    await withPlatform({ signIn: parts(mapped) }, async (platform) => {
      const claims = { org: 'beta', realm: { roles: ['staff', 'ops', 'unheard-of'] }, name: 'Ana' };
      const identity = await enter(platform, claims);
      expect(identity).toMatchObject({ tenantId: 'beta', role: 'operator', name: 'Ana', keyId: null });
      // Another token may end a second later.
      expect({ ...(await enter(platform, claims)), proof: null }).toEqual({ ...identity, proof: null });
      const { items } = await platform.application.users.list(platform.stranger, { limit: 9 });
      expect(items).toMatchObject([{ name: 'Ana', role: 'operator', identity: { subject: 'ana' } }]);
    });
  });

  it.each([
    [
      'no role that means anything here',
      { org: 'beta', realm: { roles: ['guest'] } },
      'it gives no role here',
    ],
    ['no role at all', { org: 'beta' }, 'it gives no role here'],
    [
      'a role that every object has',
      { org: 'beta', realm: { roles: 'constructor' } },
      'it gives no role here',
    ],
    ['no tenant', { realm: { roles: 'ops' } }, 'it names no tenant'],
    ['a tenant that there is not', { org: 'gamma', realm: { roles: 'ops' } }, 'its tenant is not known here'],
    [
      'a tenant of a form that no tenant has',
      { org: '../alpha', realm: { roles: 'ops' } },
      'it names no tenant',
    ],
    ['several tenants', { org: ['alpha', 'beta'], realm: { roles: 'ops' } }, 'it names no tenant'],
  ])('with %s let nobody in', async (...[, claims, reason]) => {
    await withPlatform({ signIn: parts(mapped) }, async (platform) => {
      expect(await enter(platform, claims)).toEqual({
        code: 'token-invalid',
        message: `The token is not accepted: ${reason}.`,
      });
    });
  });

  it('with names that are addresses are found', async () => {
    const claim = 'https://batuta.example/role';
    const settings = { ...mapped, claims: { role: claim } };
    await withPlatform({ signIn: parts(settings) }, async (platform) => {
      expect(await enter(platform, { [claim]: 'staff' })).toMatchObject({
        tenantId: 'alpha',
        role: 'member',
      });
    });
  });
});

describe('users', () => {
  it('are not added where that is not configured: an administrator does', async () => {
    const settings = { default_role: 'member' };
    await withPlatform({ signIn: parts(settings) }, async (platform) => {
      const { application: a, identity } = platform;
      expect(await enter(platform, {})).toMatchObject({
        message: expect.stringContaining('ask an administrator'),
      });
      const known = { issuer: server.address, subject: 'ana' };
      const user = await a.users.create(identity, { name: 'Ana', role: 'viewer', identity: known });
      expect(await enter(platform, {})).toMatchObject({ userId: user.id, name: 'Ana' });
    });
  });

  it('that come for the first time in many requests at once are added once', async () => {
    const settings = { default_role: 'member', create_users: true };
    await withPlatform({ signIn: parts(settings) }, async (platform) => {
      const all = await Promise.all([1, 2, 3, 4].map((jti) => enter(platform, { jti: String(jti) })));
      expect(new Set(all.map((each) => JSON.stringify({ ...each, proof: null }))).size).toBe(1);
      expect((await platform.application.users.list(platform.identity, { limit: 9 })).items).toHaveLength(1);
    });
  });

  it('have the role that the issuer gives them now, and no more', async () => {
    await withPlatform({ signIn: parts(mapped) }, async (platform) => {
      const as = (role: string) => enter(platform, { org: 'alpha', realm: { roles: role } });
      expect(await as('boss')).toMatchObject({ role: 'administrator' });
      expect(await as('ops')).toMatchObject({ role: 'operator' });
      const { items } = await platform.application.users.list(platform.identity, { limit: 9 });
      // The only administrator who could enter: the word of the issuer does not take the last one away.
      expect(items).toMatchObject([{ role: 'administrator' }]);
      expect(await as('staff')).toMatchObject({ role: 'member' });
    });
  });

  it('that are disabled do not enter, however long their token is good', async () => {
    const settings = { default_role: 'member', create_users: true };
    await withPlatform({ signIn: parts(settings) }, async (platform) => {
      const { application: a, identity } = platform;
      await enter(platform, { jti: 'first' });
      const [user] = (await a.users.list(identity, { limit: 9 })).items;
      await a.users.change(identity, user?.id ?? '', { disabled: true });
      expect(await enter(platform, { jti: 'second' })).toMatchObject({ code: 'access-disabled' });
    });
  });

  it('are known by issuer and name, not by an address of mail that they claim', async () => {
    const settings = { default_role: 'member', create_users: true };
    await withPlatform({ signIn: parts(settings) }, async (platform) => {
      const { application: a, identity } = platform;
      const chief = await a.users.create(identity, {
        name: 'Chief',
        role: 'administrator',
        email: 'chief@example.com',
      });
      const entered = await enter(platform, { sub: 'eve', email: 'chief@example.com', email_verified: true });
      expect(entered).toMatchObject({ role: 'member' });
      expect(entered).not.toMatchObject({ userId: chief.id });
    });
  });
});

it('what looks like a token is a key where no token is accepted', async () => {
  await withPlatform({}, async (platform) => {
    expect(await enter(platform, {})).toMatchObject({ code: 'key-invalid' });
  });
});
