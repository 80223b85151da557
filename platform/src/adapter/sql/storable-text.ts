/** Text as a column of type text can hold it: U+0000, which PostgreSQL refuses, becomes U+FFFD. */
export function storableText(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '\uFFFD') : text;
}
