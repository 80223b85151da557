import { scopesOf, type Identity } from '@batuta/platform/composition';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { attempts, page, withBelongings, type Belongings } from './belongings.ts';
import { callOnce } from './model-fixtures.ts';
import { countingTool } from './tool-fixtures.ts';

function somebody(role: Identity['role'], userId: string): Partial<Identity> {
  return { role, userId, keyId: null, name: userId, scopes: scopesOf(role) };
}

const ana = somebody('member', 'usr_ana');
const bob = somebody('member', 'usr_bob');

/** Ana's run, and what the others are told of it. */
function withAnas(test: (platform: TestPlatform, ids: Belongings) => Promise<void>): Promise<void> {
  return withBelongings(test, ana);
}

async function listsOf({ application: a, identity }: TestPlatform, who: Partial<Identity>, ids: Belongings) {
  const asker = { ...identity, ...who };
  const lists = await Promise.all([
    a.runs.list(asker, page),
    a.runs.list(asker, { ...page, session_id: ids.session }),
    a.sessions.list(asker, page),
    a.approvals.list(asker, { ...page, pending: false }),
  ]);
  return lists.map(({ items }) => items.length);
}

describe('a member', () => {
  it.each(Object.entries(attempts))(
    "is told by %s nothing of what is another member's",
    async (_, { code, ask }) => {
      await withAnas(async (platform, ids) => {
        const refused = ask(platform, { ...platform.identity, ...bob }, ids);
        await expect(refused).rejects.toMatchObject({ code, status: 404 });
        const { status } = await platform.application.runs.get(platform.identity, ids.run);
        expect(status).toBe('waiting');
      });
    },
  );

  it("finds their own in lists, with whichever of their keys, and not what is another's", async () => {
    await withAnas(async (platform, ids) => {
      expect(await listsOf(platform, ana, ids)).toEqual([1, 1, 1, 1]);
      expect(await listsOf(platform, { ...ana, keyId: 'key_7' }, ids)).toEqual([1, 1, 1, 1]);
      expect(await listsOf(platform, bob, ids)).toEqual([0, 0, 0, 0]);
    });
  });

  it('who is neither a user nor a key sees nothing', async () => {
    const nobody = { userId: null, keyId: null };
    const looks = async (platform: TestPlatform, ids: Belongings) => {
      expect(await listsOf(platform, { ...ana, ...nobody }, ids)).toEqual([0, 0, 0, 0]);
    };
    await withBelongings(looks, nobody);
  });

  it('is not given the run of another by the same idempotency key', async () => {
    await withPlatform({ model: () => ({ text: 'Ok.' }) }, async ({ application, identity }) => {
      const body = { agent: 'assistant', input: 'Go' };
      const accept = (who: Partial<Identity>) =>
        application.runs.accept({ ...identity, ...who }, body, 'key-1');
      const [anas, bobs] = [await accept(ana), await accept(bob)];
      expect(bobs.id).not.toBe(anas.id);
      expect(await accept(ana)).toMatchObject({ id: anas.id });
    });
  });

  it('cannot have a file of another read by an agent', async () => {
    await withAnas(async ({ application, identity, stores }, ids) => {
      const fork = await application.sessions.fork({ ...identity, ...ana }, ids.session);
      expect(await stores.sessions.get('alpha', fork.id)).toMatchObject({ ownerId: 'usr_ana' });
      expect(await readByAgent(stores, bob, ids.artifact)).toBe('unknown');
      expect(await readByAgent(stores, ana, ids.artifact)).toBe('read');
      expect(await readByAgent(stores, somebody('operator', 'usr_eva'), ids.artifact)).toBe('read');
    });
  });
});

/** What a tool of somebody's run gets when it reads a file. */
async function readByAgent(
  stores: TestPlatform['stores'],
  who: Partial<Identity>,
  artifact: string,
): Promise<string> {
  const { tool } = countingTool('peek', {
    readOnly: true,
    execute: async (_, context) =>
      (await context.readArtifact(artifact, { offset: 0, length: 1 })) ? 'read' : 'unknown',
  });
  const options = { tools: [tool], model: callOnce({ tool: 'peek' }), share: { stores } as TestPlatform };
  return withPlatform(options, async ({ application: a, identity, model }) => {
    const { id } = await a.runs.accept({ ...identity, ...who }, { agent: 'assistant', input: 'Go' });
    await a.runs.waitForEnd(identity, id, { seconds: 10, signal: new AbortController().signal });
    const told = model.requests.at(-1)?.messages.findLast(({ role }) => role === 'tool');
    return told?.role === 'tool' ? (told.results[0]?.content ?? '') : '';
  });
}

describe('who oversees a tenant', () => {
  it.each(['operator', 'viewer'] as const)('sees all of it: %s', async (role) => {
    await withAnas(async (platform, ids) => {
      expect(await listsOf(platform, somebody(role, 'usr_eva'), ids)).toEqual([1, 1, 1, 1]);
    });
  });

  it('may work on in a session of a member, who sees that', async () => {
    await withAnas(async ({ application: a, identity }, ids) => {
      const operator = { ...identity, ...somebody('operator', 'usr_eva') };
      const { id } = await a.runs.accept(operator, {
        agent: 'assistant',
        input: 'Go',
        session_id: ids.session,
      });
      expect(await a.runs.get({ ...identity, ...ana }, id)).toMatchObject({ id, session_id: ids.session });
    });
  });
});
