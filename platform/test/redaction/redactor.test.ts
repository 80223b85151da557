import { describe, expect, test } from 'vitest';
import { redactJson } from '../../src/application/redaction/redact-json.ts';
import { redactProblem } from '../../src/application/redaction/redact-problem.ts';
import { Redactor } from '../../src/application/redaction/redactor.ts';

const ana = {
  tenantId: 'acme',
  keyId: 'key_1',
  userId: null,
  name: 'ana',
  role: 'administrator' as const,
  scopes: new Set<never>(),
  address: null,
};

function makeRedactor(): Redactor {
  const redactor = new Redactor({ find: async () => [] }, ['email']);
  redactor.knowPlatformValue('platform-value', 'server.admin_key');
  redactor.knowTenantValue('acme', 'acmes-value', 'weather');
  redactor.knowTenantValue('beta', 'betas-value', 'crm');
  return redactor;
}

const all = 'platform-value acmes-value betas-value ana@example.com';

describe('a redactor', () => {
  test('takes everything out of lines for operators', () => {
    expect(makeRedactor().line(all)).toBe(
      '[redacted: secret server.admin_key] [redacted: secret weather] [redacted: secret crm] [redacted: e-mail address]',
    );
  });

  test('does not tell one tenant that another one has a secret', async () => {
    const redactor = makeRedactor();
    const clean =
      '[redacted: secret server.admin_key] [redacted: secret weather] betas-value ana@example.com';
    expect(await redactor.content(all, 'acme')).toBe(clean);
    expect(redactor.error(all, 'acme')).toBe(clean);
    expect(redactor.error(all, null)).toContain('acmes-value betas-value');
  });

  test('takes personal data out of exports, by configuration or by the tenant', async () => {
    const text = 'ana@example.com 4111 1111 1111 1111';
    const redactor = makeRedactor();
    expect(await redactor.exported(text, { tenantId: 'acme', personal: [] })).toMatch(
      /^\[redacted: e-mail address\] 4111/,
    );
    expect(await redactor.exported(text, { tenantId: 'acme', personal: ['card'] })).not.toContain('4111');
  });

  test('finds what stands at the edge of the parts in which a large text is searched', async () => {
    const redactor = makeRedactor();
    for (const before of [524_280, 524_288 - 65_536, 1_048_570]) {
      const text = `${'x '.repeat(before / 2)}acmes-value${' y'.repeat(10_000)}`;
      const clean = await redactor.content(text, 'acme');
      expect(clean.length).toBe(text.length - 'acmes-value'.length + '[redacted: secret weather]'.length);
      expect(clean).not.toContain('acmes-value');
    }
  });

  test('takes secrets out of errors and what they carry', () => {
    const problem = {
      type: '/errors/x',
      title: 'X',
      status: 502,
      detail: `said ${all}`,
      code: 'x',
      data: { list: [all], n: 1 },
    };
    const clean = redactProblem(makeRedactor(), ana, problem);
    expect(JSON.stringify(clean)).not.toMatch(/acmes-value|platform-value/);
    expect(clean).toMatchObject({ status: 502, data: { n: 1 } });
  });

  test('takes secrets out of JSON without breaking it', async () => {
    const redactor = makeRedactor();
    const value = { 'acmes-value': ['"acmes-value"', 7, null, { deep: 'acmes-value\\' }] };
    expect(await redactJson(value, (text) => redactor.content(text, 'acme'))).toEqual({
      '[redacted: secret weather]': [
        '"[redacted: secret weather]"',
        7,
        null,
        { deep: '[redacted: secret weather]\\' },
      ],
    });
  });
});
