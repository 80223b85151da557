import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';

const keyPrefix = 'btk_';
const tokenPrefix = 'btl_';
const linkPrefix = 'bta_';
const sessionPrefix = 'bts_';
const secretBytes = 32;
const sealTagBytes = 16;
const sealNonce = new Uint8Array(12);

/** Makes an API key: `btk_` and 32 random bytes. The prefix lets secret scanners find keys that leaked. */
export function makeKey(randomBytes: (count: number) => Uint8Array): string {
  return keyPrefix + encode(randomBytes(secretBytes));
}

/** Makes a one-time login token: `btl_` and 32 random bytes. */
export function makeLoginToken(randomBytes: (count: number) => Uint8Array): string {
  return tokenPrefix + encode(randomBytes(secretBytes));
}

/** Makes the token of a link to an approval: `bta_` and 32 random bytes. */
export function makeLinkToken(randomBytes: (count: number) => Uint8Array): string {
  return linkPrefix + encode(randomBytes(secretBytes));
}

/** Makes what a browser keeps in its cookie: `bts_` and 32 random bytes. */
export function makeSessionToken(randomBytes: (count: number) => Uint8Array): string {
  return sessionPrefix + encode(randomBytes(secretBytes));
}

/**
 * The only form in which a key or token is stored and looked up. A fast hash is right for 256 random bits, which nobody
 * can guess. The look-up need not take constant time either: what its timing tells is about the hash of a guess, and
 * nobody can choose a key whose hash has a wanted beginning and thereby learn the key of a stored hash.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * Encrypts a text so that only whoever brings the token again can read it: what is stored of the token is its hash, which does not do. A token
 * seals one text, so that the key is used once and may have a nonce that is always the same.
 */
export function sealFor(token: string, text: string): string {
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), sealNonce);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Reads what was sealed for a token; undefined when it was not, or was changed. */
export function openSealed(token: string, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < sealTagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), sealNonce);
  decipher.setAuthTag(bytes.subarray(-sealTagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -sealTagBytes)), decipher.final()]).toString(
      'utf8',
    );
  } catch {
    return undefined;
  }
}

function keyOf(token: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', token, '', 'batuta sealed text', secretBytes));
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
