/** A content type without its parameters, in lower case. */
export function typeOf(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Whether content of this type is JSON. */
export function isJson(type: string): boolean {
  return /^(?:application|text)\/(?:[\w.-]+\+)?json$/.test(type);
}

/** Whether content of this type is a text that a model can read. */
export function isText(type: string): boolean {
  return (
    isJson(type) ||
    type.startsWith('text/') ||
    /^application\/(?:[\w.-]+\+)?(?:xml|yaml|x-yaml|x-ndjson|ndjson|javascript|graphql|sql|x-www-form-urlencoded|json-seq|jsonl)$/.test(
      type,
    )
  );
}

/** Bytes as text, in the charset of the header, else UTF-8. */
export function decodeText(body: Uint8Array, header: string | undefined): string {
  const charset = /charset\s*=\s*"?([\w-]{2,40})/i.exec(header ?? '')?.[1];
  return decoderFor(charset).decode(body);
}

function decoderFor(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch {
    return new TextDecoder('utf-8');
  }
}
