import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyRing, readSecretKey, secretKeyId } from '../../src/domain/secret/key-ring.ts';

const key = randomBytes(32);
const ring = new KeyRing([key]);
const place = { tenantId: 'acme', name: 'weather' };
const seal = (value: string) => ring.seal(place, value, (count) => randomBytes(count));

describe('a key ring', () => {
  test('decrypts what it has encrypted, whatever it is', () => {
    const opens = fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      expect(ring.open('acme', seal(value))).toBe(value);
    });
    fc.assert(opens);
  });

  test('encrypts the same value differently each time', () => {
    const [a, b] = [seal('same'), seal('same')];
    expect(a.nonce).not.toEqual(b.nonce);
    expect(a.ciphertext).not.toEqual(b.ciphertext);
  });

  test('does not decrypt what was changed or moved', () => {
    const sealed = seal('value');
    const flip = (bytes: Uint8Array, at: number) =>
      bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(ring.open('other', sealed)).toBeUndefined();
    expect(ring.open('acme', { ...sealed, name: 'other' })).toBeUndefined();
    expect(ring.open('acme', { ...sealed, nonce: flip(sealed.nonce, 0) })).toBeUndefined();
    for (let at = 0; at < sealed.ciphertext.length; at += 1) {
      expect(ring.open('acme', { ...sealed, ciphertext: flip(sealed.ciphertext, at) })).toBeUndefined();
    }
    expect(ring.open('acme', { ...sealed, ciphertext: sealed.ciphertext.subarray(0, 5) })).toBeUndefined();
    expect(ring.open('acme', { ...sealed, ciphertext: new Uint8Array() })).toBeUndefined();
  });

  test('decrypts with each of its keys and encrypts with the first', () => {
    const sealed = seal('value');
    const newer = new KeyRing([randomBytes(32), key]);
    expect(newer.open('acme', sealed)).toBe('value');
    expect(newer.seal(place, 'x', (count) => randomBytes(count)).keyId).toBe(newer.ids[0]);
    expect(new KeyRing([randomBytes(32)]).open('acme', sealed)).toBeUndefined();
  });

  test('reads keys in hexadecimal and both kinds of base64, and nothing else', () => {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(readSecretKey(` ${key.toString(encoding)}\n`)).toEqual(key);
    }
    for (const bad of [
      '',
      'secret',
      key.subarray(1).toString('base64'),
      `${key.toString('hex')}00`,
      'x'.repeat(64),
    ]) {
      expect(readSecretKey(bad)).toBeUndefined();
    }
    expect(secretKeyId(key)).toMatch(/^[\da-f]{16}$/);
    expect(key.toString('hex')).not.toContain(secretKeyId(key));
  });
});
