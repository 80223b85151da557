const texts = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|yaml|javascript|x-ndjson|toml|sql)\b)/i;

/** Whether a file is shown as text: its type says so and its bytes are UTF-8. */
export function isText(mediaType: string, content: Uint8Array): boolean {
  if (!texts.test(mediaType)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}
