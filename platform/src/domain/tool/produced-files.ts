import type { ProducedFile } from '../../port/tool.ts';

const mostFiles = 16;
const mostBytes = 20_000_000;
const longestName = 200;

/** A file of a result as it is stored: with a name without folders and a media type that is one. */
export interface KeptFile extends ProducedFile {
  isText: boolean;
}

/** The files of a result that are stored, and the names of those that are too many or too large. */
export function keptFiles(files: readonly ProducedFile[]): { kept: KeptFile[]; leftOut: string[] } {
  const kept: KeptFile[] = [];
  const leftOut: string[] = [];
  let left = mostBytes;
  for (const { name, mediaType, content } of files) {
    const clean = cleanName(name);
    if (kept.length >= mostFiles || content.byteLength > left) leftOut.push(clean);
    else {
      left -= content.byteLength;
      kept.push({ name: clean, ...typeOf(mediaType), content });
    }
  }
  return { kept, leftOut };
}

/** What a model reads of them, after the text of the result. */
export function listFiles(
  files: readonly (Pick<ProducedFile, 'name' | 'mediaType' | 'content'> & { id: string })[],
  leftOut: readonly string[],
): string {
  if (files.length + leftOut.length === 0) return '';
  const lines = files.map(
    ({ id, name, mediaType, content }) =>
      `- ${name} (${mediaType}, ${content.byteLength} bytes): artifact ${id}`,
  );
  const shown = leftOut.slice(0, mostFiles).join(', ');
  const more = leftOut.length > 0 ? [`- left out, too many or too large: ${shown}`] : [];
  return `\n\nFiles:\n${[...lines, ...more].join('\n')}`;
}

/** The last part of a path, without what a terminal or a file system would take for something else. */
function cleanName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').trim();
  return clean === '' || /^\.+$/.test(clean) ? 'file' : clean.slice(-longestName).toWellFormed();
}

const mediaTypePattern = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;
const textTypes = /^text\/|[/+](?:json|xml|yaml|javascript)$/;

function typeOf(given: string): { mediaType: string; isText: boolean } {
  const essence = (given.split(';')[0] ?? '').trim().toLowerCase();
  const mediaType = mediaTypePattern.test(essence) ? essence : 'application/octet-stream';
  return { mediaType, isText: textTypes.test(mediaType) };
}
