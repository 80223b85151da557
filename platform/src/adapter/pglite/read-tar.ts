/** A file (with content) or a directory (without) of an archive. */
export interface TarEntry {
  path: string;
  content: Buffer | undefined;
}

const blockBytes = 512;

/** Files and directories of a ustar archive, in order. Other kinds of entries are passed over. */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let position = 0;
  while (position + blockBytes <= archive.length && archive[position] !== 0) {
    const header = archive.subarray(position, position + blockBytes);
    const size = Number.parseInt(field(header, 124, 12).trim() || '0', 8);
    const start = position + blockBytes;
    const prefix = field(header, 345, 155);
    const name = field(header, 0, 100);
    const path = (prefix === '' ? name : `${prefix}/${name}`).replace(/^\/+/, '');
    const kind = field(header, 156, 1);
    if (kind === '5') yield { path, content: undefined };
    else if (kind === '0' || kind === '') yield { path, content: archive.subarray(start, start + size) };
    position = start + Math.ceil(size / blockBytes) * blockBytes;
  }
}

function field(header: Buffer, offset: number, length: number): string {
  const bytes = header.subarray(offset, offset + length);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? length : end);
}
