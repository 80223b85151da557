import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '@batuta/contract';
import type { BodyPlan, FieldPlan } from '../document/operation.ts';
import { encodePairs, scalarText } from './encode-value.ts';
import { RequestFault } from './request-fault.ts';

/** A body as it is sent. */
export interface EncodedBody {
  mediaType: string;
  content: Buffer;
}

/** A stored file. */
export interface StoredFile {
  mediaType: string;
  content: Uint8Array;
}

/** What bodies are made with. */
export interface BodyParts {
  readFile: (id: string) => Promise<StoredFile>;
  maxBytes: number;
}

/** Writes the argument `body` as the document wants it. Throws `RequestFault`. */
export async function encodeBody(plan: BodyPlan, value: JsonValue, parts: BodyParts): Promise<EncodedBody> {
  const body = await encode(plan, value, parts);
  if (body.content.byteLength <= parts.maxBytes) return body;
  throw new RequestFault(`the request is larger than ${parts.maxBytes} bytes`);
}

async function encode(plan: BodyPlan, value: JsonValue, parts: BodyParts): Promise<EncodedBody> {
  const { mediaType } = plan;
  switch (plan.kind) {
    case 'json':
      return { mediaType, content: Buffer.from(JSON.stringify(value)) };
    case 'text':
      return { mediaType, content: Buffer.from(scalarText(value)) };
    case 'form':
      return { mediaType, content: Buffer.from(formText(plan, fieldsOf(value))) };
    case 'multipart':
      return encodeMultipart(plan, fieldsOf(value), parts);
    case 'file': {
      const file = await parts.readFile(scalarText(value));
      const isOpen = mediaType.includes('*') || mediaType === 'application/octet-stream';
      return { mediaType: isOpen ? file.mediaType : mediaType, content: Buffer.from(file.content) };
    }
  }
}

function fieldsOf(value: JsonValue): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new RequestFault('"body" must be an object with the fields of the form');
}

/** How a field is written that the document does not name. */
const openField: FieldPlan = {
  isFile: false,
  mediaType: null,
  style: 'form',
  explode: true,
  allowReserved: false,
};

function formText(plan: BodyPlan, fields: JsonObject): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => encodePairs(name, value, fieldEncoding(plan, name, value)))
    .map((pair) => pair.join('='))
    .join('&');
}

/** An object in a form is JSON, unless the document says how else it is written. */
function fieldEncoding(plan: BodyPlan, name: string, value: JsonValue): FieldPlan {
  const field = plan.fields[name] ?? openField;
  const isPlain = field.style === 'form' && field.explode && field.mediaType === null;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isPlain && isObject ? { ...field, style: 'json' } : field;
}

async function encodeMultipart(plan: BodyPlan, fields: JsonObject, parts: BodyParts): Promise<EncodedBody> {
  const boundary = `batuta-${randomUUID()}`;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (const [name, value] of Object.entries(fields)) {
    const field = plan.fields[name] ?? openField;
    const isList = Array.isArray(value) && field.style !== 'json';
    for (const item of isList ? value : [value]) {
      const part = field.isFile ? await filePart(field, item, parts) : valuePart(field, item);
      chunks.push(
        Buffer.from(`--${boundary}\r\n${headOf(name, part)}\r\n\r\n`),
        part.content,
        Buffer.from('\r\n'),
      );
      bytes += part.content.byteLength;
      if (bytes > parts.maxBytes)
        throw new RequestFault(`the request is larger than ${parts.maxBytes} bytes`);
    }
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  const type = plan.mediaType.split(';')[0] ?? 'multipart/form-data';
  return { mediaType: `${type}; boundary=${boundary}`, content: Buffer.concat(chunks) };
}

interface FormPart {
  content: Buffer;
  mediaType: string | null;
  fileName: string | null;
}

async function filePart(field: FieldPlan, value: JsonValue, parts: BodyParts): Promise<FormPart> {
  const id = scalarText(value);
  const file = await parts.readFile(id);
  const mediaType =
    field.mediaType === null || field.mediaType.includes('*') ? file.mediaType : field.mediaType;
  return { content: Buffer.from(file.content), mediaType, fileName: id };
}

function valuePart(field: FieldPlan, value: JsonValue): FormPart {
  const isObject = typeof value === 'object' && value !== null;
  const mediaType = field.mediaType ?? (isObject ? 'application/json' : null);
  const text = isObject || field.style === 'json' ? JSON.stringify(value) : scalarText(value);
  return { content: Buffer.from(text), mediaType, fileName: null };
}

/** Quotes and line ends in names are escaped as browsers do it. */
function headOf(name: string, { mediaType, fileName }: FormPart): string {
  const quoted = (text: string) =>
    text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
  const file = fileName === null ? '' : `; filename="${quoted(fileName)}"`;
  const type = mediaType === null ? '' : `\r\nContent-Type: ${mediaType.replaceAll(/[\r\n]/g, ' ')}`;
  return `Content-Disposition: form-data; name="${quoted(name)}"${file}${type}`;
}
