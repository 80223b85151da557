import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { allEndpoints } from '../../src/interface/http/endpoint/all-endpoints.ts';
import { describeApi } from '../../src/interface/http/open-api/open-api-document.ts';
import { openDoor } from './open-door.ts';

const document = describeApi(allEndpoints, '1.2.3');

test('the OpenAPI document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
  expect(result).toMatchObject({ valid: true });
  expect(document.openapi).toMatch(/^3\.1\./);
});

test('every reference of the OpenAPI document leads to a schema', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
  const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(references.length).toBeGreaterThan(50);
  expect(known).toEqual(expect.arrayContaining(references));
});

test('every endpoint tells its errors as problems, with their codes', () => {
  const operation = document.paths['/v1/runs/{id}/cancel']?.['post'] as {
    responses: Record<string, unknown>;
  };
  expect(Object.keys(operation.responses)).toEqual(
    expect.arrayContaining(['200', '400', '401', '403', '404', '409', '413', '415', '500', '503']),
  );
  expect(operation.responses['409']).toMatchObject({
    content: {
      'application/problem+json': { schema: { properties: { code: { enum: ['run-state-conflict'] } } } },
    },
  });
});

test('the OpenAPI document is served without a key', async () => {
  const answer = await openDoor().request('/openapi.json', { key: null });
  expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
});
