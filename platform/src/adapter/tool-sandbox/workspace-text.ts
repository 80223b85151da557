import { BatutaError } from '@batuta/contract';

/** A file as text. Errors: `workspace-path-refused` for one that is none. */
export function decodeText(path: string, content: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below.
  }
  const reason = `it has ${content.byteLength} bytes that are not a text in UTF-8; look into it with a command (file, xxd, run_python), or hand it over with read_file and as_artifact`;
  throw new BatutaError('workspace-path-refused', { path, reason });
}
