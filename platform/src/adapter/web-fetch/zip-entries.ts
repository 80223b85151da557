import { inflateRawSync } from 'node:zlib';

const endMark = 0x06054b50;
const entryMark = 0x02014b50;

/** A file that is no archive, or one made to harm. */
export class BadArchive extends Error {}

/** Reads files of a ZIP archive, each unpacked up to a size; all together may unpack to no more than ten times one. */
export class ZipEntries {
  readonly #content: Buffer;
  readonly #entries = new Map<string, { at: number; packed: number; method: number }>();
  readonly #maxBytes: number;
  #left: number;

  constructor(content: Uint8Array, maxBytes: number) {
    this.#content = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    this.#maxBytes = maxBytes;
    this.#left = maxBytes * 10;
    this.#list();
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The text of a file; empty when there is none. */
  text(name: string): string {
    const entry = this.#entries.get(name);
    if (!entry) return '';
    const { at, packed, method } = entry;
    const start = at + 30 + this.#content.readUInt16LE(at + 26) + this.#content.readUInt16LE(at + 28);
    const bytes = this.#content.subarray(start, start + packed);
    const limit = Math.min(this.#maxBytes, this.#left);
    const whole = method === 0 ? bytes : inflateRawSync(bytes, { maxOutputLength: limit });
    this.#left -= whole.byteLength;
    return whole.toString('utf8');
  }

  #list(): void {
    const content = this.#content;
    const from = Math.max(0, content.byteLength - 65_557);
    const end = content.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < from || content.readUInt32LE(end) !== endMark) throw new BadArchive('it is no archive');
    let place = content.readUInt32LE(end + 16);
    for (let count = content.readUInt16LE(end + 10); count > 0; count -= 1) {
      if (place + 46 > content.byteLength || content.readUInt32LE(place) !== entryMark)
        throw new BadArchive('its list of files is broken');
      const nameLength = content.readUInt16LE(place + 28);
      const name = content.toString('utf8', place + 46, place + 46 + nameLength);
      const [method, packed, at] = [
        content.readUInt16LE(place + 10),
        content.readUInt32LE(place + 20),
        content.readUInt32LE(place + 42),
      ];
      if (at + 30 > content.byteLength) throw new BadArchive('its list of files is broken');
      this.#entries.set(name, { at, packed, method });
      place += 46 + nameLength + content.readUInt16LE(place + 30) + content.readUInt16LE(place + 32);
    }
  }
}
