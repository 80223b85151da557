import { createHash } from 'node:crypto';

const keyPrefix = 'btk_';
const tokenPrefix = 'btl_';
const linkPrefix = 'bta_';
const sessionPrefix = 'bts_';
const secretBytes = 32;

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

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
