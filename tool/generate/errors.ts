import { readFileSync } from 'node:fs';
import path from 'node:path';
import { errorCatalogue, type ErrorCode, type ErrorEntry } from '@batuta/contract';
import type { GeneratedFile } from './generated-file.ts';

const catalogueFile = path.join(import.meta.dirname, '../../contract/src/error/catalogue.ts');

const introduction = `# Errors

Every error has a stable code. The API answers it as \`application/problem+json\` with \`code\`, \`status\`, \`title\`, \`detail\`
(the message below, filled in) and \`data\`; a failed run carries its code in \`error\`; the command line prints the message.
This page is made from the catalogue by \`npm run generate\`.
`;

interface Field {
  type?: string;
  enum?: string[];
  items?: Field;
  anyOf?: Field[];
  properties?: Record<string, Field>;
  required?: string[];
}

/** The page of all errors, grouped as the catalogue is. */
export function generateErrors(): GeneratedFile {
  const sections = [...groupCodes(readFileSync(catalogueFile, 'utf8'))].map(renderGroup);
  return { path: 'docs/reference/errors.md', text: [introduction, ...sections].join('\n') };
}

/** Codes by the heading above them: in the catalogue's source a comment line opens each group. */
export function groupCodes(source: string): Map<string, ErrorCode[]> {
  const groups = new Map<string, ErrorCode[]>();
  let group = 'Others';
  for (const line of source.split('\n')) {
    group = /^ {2}\/\/ (.+)$/.exec(line)?.[1] ?? group;
    const code = /^ {2}'?([a-z-]+)'?: entry\(/.exec(line)?.[1];
    if (code !== undefined && isCode(code)) groups.set(group, [...(groups.get(group) ?? []), code]);
  }
  return groups;
}

function isCode(name: string): name is ErrorCode {
  return name in errorCatalogue;
}

function renderGroup([group, codes]: [string, ErrorCode[]]): string {
  return [`## ${group}\n`, ...codes.map(renderCode)].join('\n');
}

function renderCode(code: ErrorCode): string {
  const { status, title, message, data }: ErrorEntry = errorCatalogue[code];
  return [
    `### \`${code}\`\n`,
    `**${title}**, HTTP ${status}. ${message}\n`,
    ...renderFields(data.toJSONSchema() as Field),
  ].join('\n');
}

function renderFields({ properties = {} }: Field): string[] {
  const fields = Object.entries(properties);
  if (fields.length === 0) return [];
  return [
    '| data | type |',
    '| --- | --- |',
    ...fields.map(([name, field]) => `| \`${name}\` | ${typeName(field)} |`),
    '',
  ];
}

function typeName(field: Field): string {
  if (field.enum) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.anyOf) return field.anyOf.map(typeName).join(' or ');
  if (field.type === 'array') return `list of ${field.items ? typeName(field.items) : 'anything'}`;
  if (field.properties) {
    return `{ ${Object.entries(field.properties)
      .map(([name, inner]) => `${name}: ${typeName(inner)}`)
      .join(', ')} }`;
  }
  return field.type ?? 'anything';
}
