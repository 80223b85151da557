import { randomFillSync } from 'node:crypto';
import { idPrefixes, type IdKind } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { Ids } from '../../port/ids.ts';

/** Crockford's base 32 in lower case: in the order of its characters' codes, so texts sort as the numbers do. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Random bytes are fetched for so many ids at once: asking for them costs more than making an id. */
const idsAtOnce = 256;

/**
 * Ids of UUIDs version 7 (RFC 9562): 48 bits of time, then a 32-bit counter around the version and variant bits, then 42 random bits.
 * The counter starts at a random place below its middle each millisecond and counts up within it. When the clock stands
 * still, goes back, or the counter is used up, the time of the last id is kept or moved on: ids only ever grow.
 */
export function makeUuidIds(clock: Clock): Ids {
  const bytes = Buffer.alloc(16);
  const random = Buffer.alloc(idsAtOnce * bytes.length);
  let used = random.length;
  let time = 0;
  let counter = 0;

  function advance(): void {
    takeRandomBytes();
    const now = clock.now();
    if (now > time) {
      time = now;
      counter = bytes.readUInt32BE(0) >>> 1;
    } else if (counter === 0xffff_ffff) {
      time += 1;
      counter = bytes.readUInt32BE(0) >>> 1;
    } else {
      counter += 1;
    }
  }

  /** Each is handed out once: nothing of an id tells anything about the next. */
  function takeRandomBytes(): void {
    if (used === random.length) {
      randomFillSync(random);
      used = 0;
    }
    used += random.copy(bytes, 0, used, used + bytes.length);
  }

  function create(kind: IdKind): string {
    advance();
    bytes.writeUIntBE(time, 0, 6);
    bytes.writeUInt16BE(0x7000 | (counter >>> 20), 6);
    bytes.writeUInt16BE(0x8000 | ((counter >>> 6) & 0x3fff), 8);
    bytes[10] = ((counter & 0x3f) << 2) | ((bytes[10] ?? 0) & 0x03);
    return `${idPrefixes[kind]}_${encode(bytes)}`;
  }

  return { create };
}

/** 128 bits as 26 characters of 5 bits; the first character holds the two bits too many as zeros. */
function encode(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 2;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((held >>> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
