import { readFileSync } from 'node:fs';
import { allEndpoints } from '../../platform/src/interface/http/endpoint/all-endpoints.ts';
import { describeApi } from '../../platform/src/interface/http/open-api/open-api-document.ts';
import type { GeneratedFile } from './generated-file.ts';

const root = new URL('../../', import.meta.url);

/** The OpenAPI document, as it is committed. */
export function generateOpenApi(): GeneratedFile {
  const manifest: unknown = JSON.parse(readFileSync(new URL('platform/package.json', root), 'utf8'));
  const { version } = manifest as { version: string };
  const text = `${JSON.stringify(describeApi(allEndpoints, version), null, 2)}\n`;
  return { path: 'docs/reference/openapi.json', text };
}
