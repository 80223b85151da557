/** JSON without spaces and line ends between its parts. The text itself is kept: numbers that JavaScript cannot hold must not change. */
export function compactJson(text: string): string {
  if (!/\n|: |, /.test(text.slice(0, 2_000))) return text.trim();
  return text.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, (_, literal: string | undefined) => literal ?? '');
}
