import type { AccessEndReason } from '@batuta/contract';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Identity } from '../../src/application/access/identity.ts';
import { StandingWatch } from '../../src/application/access/standing-watch.ts';
import { scopesOf } from '../../src/domain/identity/permissions.ts';
import type { Credential, Proof, Standing } from '../../src/port/access-store.ts';
import { FakeClock } from '../http/fake-clock.ts';
import { MemoryLog } from '../http/open-door.ts';

const user = { id: 'usr_1', name: 'Bea', role: 'operator' as const, isDisabled: false };
const credential: Credential = {
  tenantId: 'one',
  id: 'key_1',
  familyId: 'key_1',
  name: 'bea',
  role: 'operator',
  scopes: ['*'],
  expiresAt: null,
  user,
  isTenantDisabled: false,
};

function identityOf(proof: Proof): Identity {
  const who = { tenantId: 'one', keyId: 'key_1', userId: 'usr_1', name: 'Bea', address: null };
  return { ...who, role: 'operator', scopes: scopesOf('operator'), proof };
}

let clock: FakeClock;
let log: MemoryLog;
let looks: number[];
let forgotten: string[];
let answer: (proof: Proof) => Standing | undefined;
let watch: StandingWatch;
beforeEach(() => {
  clock = new FakeClock();
  log = new MemoryLog();
  looks = [];
  forgotten = [];
  answer = () => ({ credential, ended: null });
  watch = new StandingWatch({
    store: {
      standings: async (proofs) => {
        looks.push(proofs.length);
        return new Map(
          proofs.flatMap((proof) => [[proof.hash, answer(proof)!] as const]).filter(([, each]) => each),
        );
      },
    },
    clock,
    log,
    platformTenant: 'one',
    forget: (hash) => void forgotten.push(hash),
  });
});

function follow(proof: Proof = { kind: 'key', hash: 'h' }) {
  const reasons: AccessEndReason[] = [];
  const stop = watch.watch(identityOf(proof), (reason) => void reasons.push(reason));
  return { reasons, stop };
}

describe('who was let in and stays', () => {
  test('costs one look-up every three seconds, however many they are, and none when they are gone', async () => {
    const all = Array.from({ length: 500 }, (_, index) => follow({ kind: 'key', hash: `h${index % 100}` }));
    await clock.advance(2_999);
    expect(looks).toEqual([]);
    await clock.advance(1);
    await clock.advance(3_000);
    expect(looks).toEqual([100, 100]);
    for (const { stop } of all) stop();
    expect([watch.size, clock.sleeperCount]).toEqual([0, 0]);
    await clock.advance(60_000);
    expect(looks).toHaveLength(2);
  });

  const token = { kind: 'token', hash: 'h', userId: 'usr_1', userRole: 'operator' } as const;
  const later = { ...token, expiresAt: Date.UTC(2027, 0, 1) };
  test.each<[AccessEndReason | undefined, Proof, Standing | undefined]>([
    ['key-revoked', { kind: 'key', hash: 'h' }, undefined],
    ['key-expired', { kind: 'key', hash: 'h' }, { credential, ended: 'key-expired' }],
    ['signed-out', { kind: 'browser', hash: 'h' }, undefined],
    ['user-deleted', later, undefined],
    ['token-expired', { ...token, expiresAt: Date.UTC(2026, 10, 21) + 2_000 }, { credential, ended: null }],
    [
      'user-disabled',
      later,
      { credential: { ...credential, user: { ...user, isDisabled: true } }, ended: null },
    ],
    ['tenant-disabled', later, { credential: { ...credential, isTenantDisabled: true }, ended: null }],
    ['rights-reduced', later, { credential: { ...credential, role: 'member' }, ended: null }],
    [
      'rights-reduced',
      { kind: 'key', hash: 'h' },
      { credential: { ...credential, user: { ...user, role: 'viewer' } }, ended: null },
    ],
    [
      undefined,
      { kind: 'key', hash: 'h' },
      { credential: { ...credential, role: 'administrator' }, ended: null },
    ],
    [undefined, later, { credential, ended: null }],
  ])('is told %s', async (reason, proof, standing) => {
    answer = () => standing;
    const { reasons } = follow(proof);
    await clock.advance(3_000);
    await clock.advance(3_000);
    expect(reasons).toEqual(reason === undefined ? [] : [reason]);
    expect(forgotten).toEqual(reason === undefined ? [] : ['h']);
  });

  test('goes on while nobody can look, and the log says so', async () => {
    answer = () => {
      throw new TypeError('no database');
    };
    const { reasons } = follow();
    await clock.advance(3_000);
    expect([reasons, log.lines.map(({ level }) => level)]).toEqual([[], ['warn']]);
    answer = () => ({ credential, ended: 'key-revoked' });
    await clock.advance(3_000);
    expect(reasons).toEqual(['key-revoked']);
  });

  test('is looked at once more when word comes during a look', async () => {
    const { reasons } = follow();
    const first = watch.look();
    answer = () => ({ credential, ended: 'key-revoked' });
    await Promise.all([first, watch.look()]);
    expect([looks.length, reasons]).toEqual([2, ['key-revoked']]);
  });
});
