/** Characters that people do not see but models read: controls, zero-width, direction marks, tags. */
const invisible = /[^\P{Cc}\n\t]|[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** A text of a server as models may read it: nothing hidden in it, not longer than allowed. */
export function cleanText(text: string, longest: number): string {
  const visible = text
    .slice(0, longest * 4)
    .replaceAll(invisible, '')
    .trim();
  return visible.length <= longest ? visible : `${visible.slice(0, longest - 1)}…`;
}
