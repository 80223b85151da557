import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allEndpoints } from '../../platform/src/interface/http/endpoint/all-endpoints.ts';
import { describeApi } from '../../platform/src/interface/http/open-api/open-api-document.ts';

const root = new URL('../../', import.meta.url);

/** A file of the repository that is made from its sources. */
export interface GeneratedFile {
  /** Relative to the repository. */
  path: string;
  text: string;
}

/** The OpenAPI document, as it is committed. */
export function generateOpenApi(): GeneratedFile {
  const manifest: unknown = JSON.parse(readFileSync(new URL('platform/package.json', root), 'utf8'));
  const { version } = manifest as { version: string };
  const text = `${JSON.stringify(describeApi(allEndpoints, version), null, 2)}\n`;
  return { path: 'docs/reference/openapi.json', text };
}

if (import.meta.main) {
  const { path, text } = generateOpenApi();
  writeFileSync(fileURLToPath(new URL(path, root)), text);
  console.log(path);
}
