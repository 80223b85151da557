import { errorGroups, type ErrorEntry } from '@batuta/contract';
import type { GeneratedFile } from './generated-file.ts';

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
  const sections = Object.entries(errorGroups).map(renderGroup);
  return { path: 'docs/reference/errors.md', text: [introduction, ...sections].join('\n') };
}

function renderGroup([group, errors]: [string, Record<string, ErrorEntry>]): string {
  const entries = Object.entries(errors).map(([code, entry]) => renderCode(code, entry));
  return [`## ${group}\n`, ...entries].join('\n');
}

function renderCode(code: string, { status, title, message, data }: ErrorEntry): string {
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
