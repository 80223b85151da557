import type { TestPlatformOptions } from '@batuta/testkit/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueKey } from '../../src/application/access/issue-key.ts';
import { scopesOf } from '../../src/domain/identity/permissions.ts';
import { allEndpoints } from '../../src/interface/http/endpoint/all-endpoints.ts';
import { createPageEndpoints } from '../../src/interface/http/endpoint/page-endpoints.ts';
import { send } from '../http/open-door.ts';
import { openPlatform, type PlatformDoor } from '../http/open-platform.ts';
import { fillTenant, isolationOptions, mark, type Belongings } from './belongings.ts';
import { refused, type Expectation, type Probe } from './probe.ts';
import { probes } from './probes.ts';
import { rowsOf } from './rows-of.ts';

const endpoints = [...allEndpoints, ...createPageEndpoints(allEndpoints, '0.0.0')].map(({ description }) => ({
  ...description,
  name: `${description.method} ${description.path}`,
}));

type Attempt = Probe & { name: string; scope: string | null; place: number };

const attempts: Attempt[] = endpoints.flatMap(({ name, scope }) =>
  [probes[name] ?? []].flat().map((probe, place) => ({ ...probe, name, scope, place })),
);

/** Tries every endpoint with ids that are not the asker's, and looks whether anything was given away or changed. */
export function describeIsolation(database: TestPlatformOptions): void {
  let door: PlatformDoor;
  let ids: Belongings;
  let before: Record<string, string[]>;
  let memberKey: string;

  beforeAll(async () => {
    door = await openPlatform({ ...isolationOptions(), ...database });
    memberKey = await memberOf(door);
    ids = await fillTenant(door);
    await door.platform.flushAudit();
    before = await rowsOf(door.platform.stores.engine, 'alpha');
  });
  afterAll(() => door.close());

  test('everything that a tenant can have is there to be found', () => {
    expect(Object.entries(ids).filter(([, id]) => id === '' || id === 'undefined')).toEqual([]);
    expect(JSON.stringify(before)).toContain(mark);
  });

  /** What an answer was, and what of the owner's stood in it. */
  async function tryAs(
    key: string,
    probe: Probe,
  ): Promise<{ status: number; body: string; leaks: string[] }> {
    const { path, ...request } = probe.ask(ids);
    const answer = await send(door.app, path, { ...request, key });
    const body = await answer.text();
    const sent = path + JSON.stringify(request);
    const foreign = Object.values(ids).filter((id) => id.includes('_') && !sent.includes(id));
    const leaks = [mark, ...(probe.isEcho ? [] : foreign)].filter((word) => body.includes(word));
    return { status: answer.status, body, leaks };
  }

  test.each(attempts)('$name gives nothing to another tenant ($place)', async (attempt) => {
    const answer = await tryAs(door.strangerKey, attempt);
    expect([summaryOf(answer, attempt.expected), answer.leaks]).toEqual([wanted(attempt.expected), []]);
  });

  const forMembers = attempts.filter(({ expected }) => expected.kind !== 'own');
  test.each(forMembers)('$name gives nothing to another member ($place)', async (attempt) => {
    const may =
      attempt.scope === null || attempt.scope === 'any' || scopesOf('member').has(attempt.scope as never);
    const expected = may ? (attempt.forMembers ?? attempt.expected) : refused;
    const answer = await tryAs(memberKey, attempt);
    expect([summaryOf(answer, expected), answer.leaks]).toEqual([wanted(expected), []]);
  });

  test('nothing of the owner was changed by any of it', async () => {
    expect(await rowsOf(door.platform.stores.engine, 'alpha')).toEqual(before);
  });
}

/** The key of a user who is another member of the owner's tenant. */
async function memberOf({ platform }: PlatformDoor): Promise<string> {
  const user = await platform.application.users.create(platform.identity, { name: 'Bob', role: 'member' });
  const grant = { name: 'bob', role: 'member', scopes: ['*'], expiresAt: null } as const;
  return (await issueKey(platform.accessDependencies, { tenantId: 'alpha', userId: user.id, ...grant })).key;
}

/** What an answer comes to, in the words of `wanted`. */
function summaryOf({ status, body }: { status: number; body: string }, expected: Expectation): string {
  const { kind } = expected;
  if (kind === 'own') return status < 500 ? 'own' : `${status} ${body}`;
  if (expected.kind === 'told') return body.includes(expected.words) ? expected.words : body;
  const { code, items }: { code?: string; items?: unknown } = JSON.parse(body);
  return `${status} ${code ?? JSON.stringify(items)}`;
}

function wanted(expected: Expectation): string {
  switch (expected.kind) {
    case 'unknown':
      return `404 ${expected.code}`;
    case 'empty':
      return '200 []';
    case 'refused':
      return `403 ${expected.code}`;
    case 'told':
      return expected.words;
    case 'own':
      return 'own';
  }
}

describe('probes', () => {
  test('there is one for every endpoint, and for no others: see probes.ts', () => {
    expect(Object.keys(probes).toSorted()).toEqual(endpoints.map(({ name }) => name).toSorted());
    expect(Object.values(probes).filter((each) => [each].flat().length === 0)).toEqual([]);
  });

  test('a path with an id is tried with one of the owner', () => {
    const ids = new Proxy({} as Belongings, { get: (_, name) => `<${String(name)}>` });
    const missed = attempts.filter(({ name, expected, ask }) => {
      const isById = /\{(?:id|message_id)\}/.test(name);
      return isById && (expected.kind === 'own' || !ask(ids).path.includes('<'));
    });
    expect(missed.map(({ name }) => name)).toEqual([]);
  });
});
