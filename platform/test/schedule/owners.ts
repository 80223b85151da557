import type { Role } from '@batuta/contract';
import { scopesOf, type Identity } from '@batuta/platform/composition';
import { describe, expect, test } from 'vitest';
import type { ScheduleKit } from './describe-schedules.ts';

type WithSchedules = (work: (kit: ScheduleKit) => Promise<void>) => Promise<void>;

const first = '2030-01-01T09:00:00.100Z';
const second = '2030-01-02T09:00:00.100Z';

/** Somebody new of the tenant, with a key or (as after a sign-in) without. */
async function somebody({ platform }: ScheduleKit, role: Role, withKey: boolean) {
  const { application, identity } = platform;
  const user = await application.users.create(identity, { name: 'Bea', role });
  const key = withKey
    ? await application.keys.create(identity, { name: 'bea', role, user_id: user.id })
    : null;
  const who = { ...identity, userId: user.id, keyId: key?.id ?? null, name: 'Bea' };
  const owner: Identity = { ...who, role, scopes: scopesOf(role) };
  return { user, key, owner };
}

async function scheduleOf(kit: ScheduleKit, owner: Identity): Promise<string> {
  kit.at('2030-01-01T08:00:00Z');
  kit.owner = owner;
  return (await kit.add()).id;
}

/** What becomes of schedules when something becomes of their owners. */
export function describeOwners(withSchedules: WithSchedules): void {
  describe('schedules of somebody', () => {
    test.each([true, false])('run with the role that they have now (with a key: %s)', async (withKey) => {
      await withSchedules(async (kit) => {
        const { user, owner } = await somebody(kit, 'operator', withKey);
        const id = await scheduleOf(kit, owner);
        const { application, identity, stores } = kit.platform;
        await application.users.change(identity, user.id, { role: 'member' });
        kit.at(first);
        await kit.fire(id);
        const [run] = await kit.runs();
        const stored = await stores.runs.get('alpha', run?.id ?? '');
        expect(stored?.requestedBy).toMatchObject({ role: 'member', userId: user.id, name: 'Bea' });
      });
    });

    test('who is disabled start nothing and say why, and go on when they are back', async () => {
      await withSchedules(async (kit) => {
        const { user, owner } = await somebody(kit, 'operator', true);
        const id = await scheduleOf(kit, owner);
        const { application, identity } = kit.platform;
        await application.users.change(identity, user.id, { disabled: true });
        const reason = '"Bea", in whose name it runs, is disabled.';
        expect(await kit.get(id)).toMatchObject({ withheld: reason, last_outcome: null });
        kit.at(first);
        expect(await kit.fire(id)).toBe(Date.parse('2030-01-02T09:00:00Z'));
        expect(await kit.runs()).toEqual([]);
        expect(await kit.get(id)).toMatchObject({ last_outcome: 'withheld', last_error: reason });
        await application.users.change(identity, user.id, { disabled: false });
        kit.at(second);
        await kit.fire(id);
        expect(await kit.get(id)).toMatchObject({
          withheld: null,
          last_outcome: 'started',
          last_error: null,
        });
        expect(await kit.runs()).toHaveLength(1);
      });
    });

    test.each<[string, (kit: ScheduleKit, ids: { user: string; key: string }) => Promise<unknown>]>([
      [
        'was deleted',
        ({ platform: { application: a, identity } }, { user }) => a.users.delete(identity, user),
      ],
      [
        'is viewer now and may not start runs',
        ({ platform: { application: a, identity } }, { user }) =>
          a.users.change(identity, user, { role: 'viewer' }),
      ],
      ['was revoked', ({ platform: { application: a, identity } }, { key }) => a.keys.revoke(identity, key)],
      [
        'has expired',
        ({ platform: { stores } }, { key }) =>
          stores.engine.administer((client) =>
            client.query(`update batuta.api_keys set expires_at = now() where id = '${key}'`),
          ),
      ],
    ])('who %s start nothing, until somebody takes them over', async (reason, change) => {
      await withSchedules(async (kit) => {
        const { user, key, owner } = await somebody(kit, 'operator', true);
        const id = await scheduleOf(kit, owner);
        await change(kit, { user: user.id, key: key?.id ?? '' });
        kit.at(first);
        await kit.fire(id);
        expect(await kit.runs()).toEqual([]);
        expect(await kit.get(id)).toMatchObject({
          last_outcome: 'withheld',
          withheld: expect.stringContaining(reason),
        });
        const { owner: successor } = await somebody(kit, 'operator', false);
        const taken = await kit.platform.application.schedules.change(successor, id, { enabled: true });
        expect(taken).toMatchObject({ withheld: null });
        kit.at(second);
        await kit.fire(id);
        expect(await kit.runs()).toHaveLength(1);
      });
    });

    test('go on under a key that took the place of theirs', async () => {
      await withSchedules(async (kit) => {
        const { key, owner } = await somebody(kit, 'operator', true);
        const id = await scheduleOf(kit, owner);
        const { application, identity } = kit.platform;
        const made = await application.keys.rotate(identity, key?.id ?? '', 0);
        await application.keys.revoke(identity, key?.id ?? '');
        expect(await kit.get(id)).toMatchObject({ withheld: null });
        await application.keys.revoke(identity, made.id);
        expect(await kit.get(id)).toMatchObject({ withheld: expect.stringContaining('was revoked') });
      });
    });

    test('of a tenant that is disabled start nothing', async () => {
      await withSchedules(async (kit) => {
        const id = await scheduleOf(kit, kit.owner);
        await kit.platform.stores.engine.administer((client) =>
          client.query(`update batuta.tenants set disabled_at = now() where tenant_id = 'alpha'`),
        );
        kit.at(first);
        await kit.fire(id);
        expect(await kit.get(id)).toMatchObject({ withheld: 'The tenant is disabled.' });
        expect(await kit.runs()).toEqual([]);
      });
    });
  });
}
