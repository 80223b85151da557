/** A content type taken apart. */
export interface MediaType {
  type: string;
  charset: string | undefined;
}

/** Reads a Content-Type header. Without one the content is taken for a text. */
export function parseMediaType(header: string | undefined): MediaType {
  const [type = '', ...parameters] = (header ?? 'text/plain').split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter))?.slice('charset='.length);
  return { type: type.toLowerCase(), charset: charset?.replaceAll('"', '') };
}

/** Whether a content type can be read as a text: text/*, JSON, XML and what is written in them. */
export function isReadable({ type }: MediaType): boolean {
  return /^(?:text\/[\w.+-]+|application\/(?:json|xml|javascript|x-ndjson|yaml|[\w.-]+\+(?:json|xml)))$/.test(
    type,
  );
}

/** Whether a content type is a page to be turned into readable text. */
export function isHtml({ type }: MediaType): boolean {
  return type === 'text/html' || type === 'application/xhtml+xml';
}

/** Bytes as text: in the charset of the header, else of the page itself, else UTF-8. */
export function decodeText(bytes: Uint8Array, mediaType: MediaType): string {
  const declared = mediaType.charset ?? (isHtml(mediaType) ? charsetOfPage(bytes) : undefined);
  return decoderFor(declared).decode(bytes);
}

/** HTML may name its charset in its first 1024 bytes, in ASCII. */
function charsetOfPage(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  return /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(start)?.[1];
}

function decoderFor(label: string | undefined): TextDecoder {
  try {
    return new TextDecoder(label ?? 'utf-8');
  } catch {
    return new TextDecoder('utf-8');
  }
}
