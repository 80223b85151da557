import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JoseVerifier } from '../../src/adapter/jwt-jose/jose-verifier.ts';
import { FakeClock } from '../http/fake-clock.ts';
import { MemoryLog } from '../http/open-door.ts';
import { IssuerServer } from './issuer-server.ts';

const secret = 'a secret of at least thirty-two characters';
const minute = 60_000;

class RealStart extends FakeClock {
  readonly #began = Date.now() - super.now();
  override now(): number {
    return super.now() + this.#began;
  }
}

let issuer: IssuerServer;
let clock: RealStart;
let log: MemoryLog;
let verifier: JoseVerifier;

beforeEach(async () => {
  issuer = await IssuerServer.start();
  clock = new RealStart();
  log = new MemoryLog();
  const keyed = { issuer: issuer.address, audience: 'batuta', algorithms: ['RS256'] };
  const shared = { issuer: 'my-app', audience: ['batuta'], algorithms: ['HS256'], secret };
  verifier = new JoseVerifier({ issuers: [keyed, shared], clock, log });
});
afterEach(() => issuer.close());

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function refusal(token: string): Promise<string> {
  return verifier.verify(token).then(
    () => 'accepted',
    (error: { status?: number; message?: string }) => `${error.status} ${error.message}`,
  );
}

describe('a token', () => {
  it('that is good tells who comes, until when', async () => {
    const verified = await verifier.verify(await issuer.token({ email: 'ana@example.com' }));
    expect(verified).toMatchObject({
      issuer: issuer.address,
      subject: 'ana',
      claims: { email: 'ana@example.com' },
    });
    expect(verified.expiresAt).toBeGreaterThan(Date.now());
  });

  it('may be signed with the configured secret, where its issuer is configured so', async () => {
    const sign = (key: string) =>
      new SignJWT({ iss: 'my-app', aud: 'batuta', sub: 'bob', exp: Math.floor(clock.now() / 1000) + 60 })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(key));
    expect(await verifier.verify(await sign(secret))).toMatchObject({ issuer: 'my-app', subject: 'bob' });
    expect(await refusal(await sign(`${secret}!`))).toBe(
      '401 The token is not accepted: its signature is wrong.',
    );
  });

  const past = () => Math.floor(Date.now() / 1000) - 120;
  it.each([
    ['for another audience', { aud: 'somebody-else' }, 'it is meant for somebody else'],
    ['for no audience', { aud: undefined }, 'it is meant for somebody else'],
    ['of another issuer', { iss: 'https://evil.example' }, 'its issuer is not one of auth.issuers'],
    ['of no issuer', { iss: undefined }, 'its issuer is not one of auth.issuers'],
    ['that has expired', { exp: past() }, 'it has expired'],
    ['that never expires', { exp: undefined }, 'its "exp" is missing or wrong'],
    ['that is not valid yet', { nbf: past() + 600 }, 'it is not valid yet'],
    ['of nobody', { sub: undefined }, 'its "sub" is missing or wrong'],
    ['of an empty name', { sub: '' }, 'it names nobody'],
  ])('%s is refused', async (...[, claims, reason]) => {
    expect(await refusal(await issuer.token(claims))).toBe(`401 The token is not accepted: ${reason}.`);
  });

  it('is taken with clocks that are half a minute apart, and no more', async () => {
    const ended = (seconds: number) => issuer.token({ exp: Math.floor(clock.now() / 1000) - seconds });
    expect(await refusal(await ended(20))).toBe('accepted');
    expect(await refusal(await ended(40))).toContain('it has expired');
  });

  it('that is not signed is refused', async () => {
    const [, claims = ''] = (await issuer.token()).split('.');
    for (const alg of ['none', 'None', 'NONE']) {
      expect(await refusal(`${base64({ alg })}.${claims}.`)).toMatch(
        /^401 .*(not configured for|cannot be read)/,
      );
    }
  });

  it('that uses the public key as a secret is refused', async () => {
    const [jwk] = issuer.publicKeys;
    const key = await importJWK({ ...jwk, ext: true }, 'RS256', { extractable: true });
    const pem = key instanceof Uint8Array ? '' : await exportSPKI(key);
    const [, claims = ''] = (await issuer.token()).split('.');
    for (const shared of [pem, JSON.stringify(jwk), jwk?.n ?? '']) {
      const signed = `${base64({ alg: 'HS256', kid: 'key-1' })}.${claims}`;
      const signature = createHmac('sha256', shared).update(signed).digest('base64url');
      expect(await refusal(`${signed}.${signature}`)).toContain(
        'in a way that its issuer is not configured for',
      );
    }
  });

  it('of which anything was changed is refused', async () => {
    const [header, , signature] = (await issuer.token()).split('.');
    const claims = base64({ iss: issuer.address, aud: 'batuta', sub: 'root', exp: 4_000_000_000 });
    expect(await refusal(`${header}.${claims}.${signature}`)).toContain('its signature is wrong');
  });

  it.each(['eyJ.eyJ.x', 'eyJhbGciOiJSUzI1NiJ9..', `eyJ${'a'.repeat(9_000)}.e30.x`])(
    'that is none is refused: %s',
    async (token) => {
      expect(await refusal(token)).toMatch(/^401 /);
    },
  );
});

describe('the keys of an issuer', () => {
  it('are fetched once for many tokens', async () => {
    const tokens = await Promise.all(['ana', 'bob', 'eva'].map((sub) => issuer.token({ sub })));
    await Promise.all(tokens.map((token) => verifier.verify(token)));
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('may change: a token with a new one is good, once half a minute has passed since the last look', async () => {
    await verifier.verify(await issuer.token());
    await issuer.rotate();
    const token = await issuer.token();
    expect(await refusal(token)).toContain('its issuer has no such key');
    await clock.advance(31_000);
    expect(await refusal(token)).toBe('accepted');
  });

  it('are not looked for again and again because tokens name unknown ones', async () => {
    await verifier.verify(await issuer.token());
    await clock.advance(31_000);
    for (const kid of ['a', 'b', 'c', 'd']) {
      expect(await refusal(await issuer.token({}, { kid }))).toContain('its issuer has no such key');
    }
    expect(issuer.asked).toHaveLength(4);
  });

  it('that cannot be had are told so, and not asked for with every request', async () => {
    issuer.isDown = true;
    const token = await issuer.token({ exp: Math.floor(Date.now() / 1000) + 3_600 });
    for (let time = 0; time < 3; time += 1)
      expect(await refusal(token)).toContain('401 The token cannot be verified now');
    expect(issuer.asked).toHaveLength(1);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
    issuer.isDown = false;
    await clock.advance(11_000);
    expect(await refusal(token)).toBe('accepted');
  });

  it('are used on for a day while their issuer is down', async () => {
    const long = { exp: Math.floor(Date.now() / 1000) + 200_000 };
    const [first, second] = [await issuer.token(long), await issuer.token({ ...long, sub: 'bob' })];
    await verifier.verify(first);
    issuer.isDown = true;
    await clock.advance(60 * minute);
    expect(await refusal(second)).toBe('accepted');
    await clock.advance(24 * 60 * minute);
    expect(await refusal(second)).toContain('cannot be verified now');
  });
});
