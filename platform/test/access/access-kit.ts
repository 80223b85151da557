import type { AccessDependencies } from '../../src/application/access/access-dependencies.ts';
import { UseRecorder } from '../../src/application/access/use-recorder.ts';
import type {
  AccessStore,
  Credential,
  CredentialUse,
  NewBrowserSession,
  NewKey,
  OwnerStanding,
  Proof,
  Standing,
} from '../../src/port/access-store.ts';
import { FakeClock } from '../http/fake-clock.ts';
import { MemoryLog } from '../http/open-door.ts';

type StoredKey = NewKey & { isRevoked: boolean };

/** An access store in memory that counts look-ups. */
export class MemoryAccessStore implements AccessStore {
  readonly keys = new Map<string, StoredKey>();
  readonly sessions = new Map<string, NewBrowserSession>();
  readonly tokens = new Map<string, { tenantId: string; expiresAt: number }>();
  readonly tenants = new Set<string>();
  readonly uses: CredentialUse[][] = [];
  /** What `find...` adds to each credential. */
  behind: Partial<Credential> = {};
  lookUps = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async ensureTenant(tenantId: string): Promise<void> {
    this.tenants.add(tenantId);
  }

  async addKey(key: NewKey): Promise<void> {
    if (!this.keys.has(key.hash)) this.keys.set(key.hash, { ...key, isRevoked: false });
  }

  async findKey(hash: string): Promise<Credential | undefined> {
    this.lookUps += 1;
    const key = this.keys.get(hash);
    if (!key || key.isRevoked || this.#isOver(key.expiresAt)) return undefined;
    return { ...this.#credential(key), id: key.id, familyId: key.id };
  }

  revokeAll(): void {
    for (const key of this.keys.values()) key.isRevoked = true;
  }

  async addLoginToken({ hash, ...token }: Parameters<AccessStore['addLoginToken']>[0]): Promise<void> {
    this.tokens.set(hash, token);
  }

  async takeLoginToken(hash: string): Promise<{ tenantId: string } | undefined> {
    const token = this.tokens.get(hash);
    this.tokens.delete(hash);
    return token && !this.#isOver(token.expiresAt) ? { tenantId: token.tenantId } : undefined;
  }

  async addBrowserSession(session: NewBrowserSession): Promise<void> {
    this.sessions.set(session.hash, session);
  }

  async findBrowserSession(hash: string): Promise<Credential | undefined> {
    this.lookUps += 1;
    const session = this.sessions.get(hash);
    return session && !this.#isOver(session.expiresAt) ? this.#credential(session) : undefined;
  }

  async standings(proofs: readonly Proof[]): Promise<Map<string, Standing>> {
    this.lookUps += 1;
    const found = proofs.flatMap(({ hash }) => {
      const key = this.keys.get(hash) ?? this.sessions.get(hash);
      if (!key) return [];
      const ended = 'isRevoked' in key && key.isRevoked ? ('key-revoked' as const) : null;
      return [[hash, { credential: this.#credential(key), ended }] as const];
    });
    return new Map(found);
  }

  async owners(): Promise<OwnerStanding[]> {
    return [];
  }

  async endBrowserSession(_: string, hash: string): Promise<string | null> {
    const session = this.sessions.get(hash);
    this.sessions.delete(hash);
    return session?.logoutHint ?? null;
  }

  async noteUses(uses: readonly CredentialUse[]): Promise<void> {
    this.uses.push([...uses]);
  }

  #isOver(expiresAt: number | null): boolean {
    return expiresAt !== null && expiresAt <= this.#clock.now();
  }

  #credential({ tenantId, name, role, scopes, expiresAt }: NewKey | NewBrowserSession): Credential {
    const grant = { tenantId, name, role, scopes: [...scopes], expiresAt };
    return { ...grant, id: null, familyId: null, user: null, isTenantDisabled: false, ...this.behind };
  }
}

/** What the use cases of access need, all of it in memory and predictable. */
export interface AccessKit extends AccessDependencies {
  store: MemoryAccessStore;
  clock: FakeClock;
  log: MemoryLog;
  uses: UseRecorder;
}

const hourMs = 3_600_000;

export function createAccessKit(): AccessKit {
  const clock = new FakeClock();
  let made = 0;
  const parts = {
    clock,
    platformTenant: 'one',
    sessionLimits: { idleMs: 7 * 24 * hourMs, longestMs: 30 * 24 * hourMs },
    store: new MemoryAccessStore(clock),
    log: new MemoryLog(),
    ids: { create: (kind: string) => `${kind}_${++made}` },
    randomBytes: (count: number) => new Uint8Array(count).fill(++made),
  };
  return { ...parts, uses: new UseRecorder(parts) };
}
