import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';
import type { ProducedFile, ToolOutput } from '../../port/tool.ts';

/** Bytes of one text part; the engine cuts what a model reads much shorter and keeps the rest as an artifact. */
const longestText = 2_000_000;

const mostParts = 256;

/** What a model and a person get of a tool's result: texts in order, files beside them, structured content where no text says it. */
export function renderResult(result: CallToolResult): ToolOutput {
  const parts = result.content.slice(0, mostParts);
  const files: ProducedFile[] = [];
  const texts = parts.map((part) => renderPart(part, files)).filter((text) => text !== '');
  if (result.content.length > mostParts)
    texts.push(`[${result.content.length - mostParts} further parts were left out]`);
  const structured = structuredText(result, texts);
  const text = [...texts, ...structured].join('\n\n').slice(0, longestText);
  return {
    text: text === '' && files.length === 0 ? emptyText(result) : text,
    ...(result.isError === true ? { failed: true } : {}),
    ...(files.length > 0 ? { files } : {}),
  };
}

function emptyText({ isError }: CallToolResult): string {
  return isError === true ? 'It failed and did not say why.' : 'done';
}

/** Servers repeat structured content as a text for clients that do not know it: then it is not said twice. */
function structuredText({ structuredContent }: CallToolResult, texts: readonly string[]): string[] {
  if (structuredContent === undefined) return [];
  const json = JSON.stringify(structuredContent);
  const isSaid =
    texts.some((text) => sameJson(text, json)) || texts.join('\n\n') === onlyText(structuredContent);
  return isSaid ? [] : [json];
}

/** A text that was put into an object only because structured content must be one. */
function onlyText(structured: unknown): string | undefined {
  if (typeof structured !== 'object' || structured === null) return undefined;
  const [value, ...others] = Object.values(structured);
  return others.length === 0 && typeof value === 'string' ? value : undefined;
}

function sameJson(text: string, json: string): boolean {
  // Parsing is as dear as the text is long, and a text of another size is not the same value written another way.
  if (text.length > json.length * 3 + 64) return false;
  try {
    return JSON.stringify(JSON.parse(text)) === json;
  } catch {
    return false;
  }
}

function renderPart(part: ContentBlock, files: ProducedFile[]): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
    case 'audio': {
      const name = `${part.type}-${files.length + 1}.${extensionOf(part.mimeType)}`;
      return addFile(files, { name, mediaType: part.mimeType, base64: part.data });
    }
    case 'resource_link': {
      const about = [part.title ?? part.name, part.description].filter(Boolean).join(': ');
      return `[resource ${part.uri} (${about})]`;
    }
    case 'resource':
      return renderResource(part.resource, files);
  }
}

function renderResource(
  resource: Extract<ContentBlock, { type: 'resource' }>['resource'],
  files: ProducedFile[],
): string {
  if ('text' in resource) return `[resource ${resource.uri}]\n${resource.text}`;
  const mediaType = resource.mimeType ?? 'application/octet-stream';
  return `[resource ${resource.uri}] ${addFile(files, { name: nameOf(resource.uri), mediaType, base64: resource.blob })}`;
}

function addFile(
  files: ProducedFile[],
  { name, mediaType, base64 }: { name: string; mediaType: string; base64: string },
): string {
  // Decoding skips what is no base64, so a broken file comes out shorter and is never an error.
  files.push({ name, mediaType: cleanMediaType(mediaType), content: Buffer.from(base64, 'base64') });
  return '';
}

function cleanMediaType(mediaType: string): string {
  return /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/.test(mediaType) ? mediaType : 'application/octet-stream';
}

function extensionOf(mediaType: string): string {
  const [, kind = 'bin'] = mediaType.split('/');
  const known: Record<string, string> = { jpeg: 'jpg', mpeg: 'mp3', 'svg+xml': 'svg', 'x-wav': 'wav' };
  return known[kind] ?? (/^[a-z0-9]{1,8}$/.test(kind) ? kind : 'bin');
}

function nameOf(uri: string): string {
  const last = uri.split(/[/?#]/).findLast((piece) => piece !== '') ?? 'resource';
  return last.replaceAll(/[^\w.-]+/g, '_').slice(0, 100);
}
