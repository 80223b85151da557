import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeSecretlintRules } from '../../src/adapter/secretlint/secretlint-rules.ts';
import { findPersonalData, personalDataKinds } from '../../src/domain/redaction/personal-data.ts';
import { replaceFound } from '../../src/domain/redaction/replace-found.ts';
import {
  findCertainShapes,
  findLikelyShapes,
  mayHoldSecret,
} from '../../src/domain/redaction/secret-shapes.ts';
import { ValueMatcher } from '../../src/domain/redaction/value-matcher.ts';

/** How a secret comes along in practice, made by other means than the code that looks for it. */
const encoders: Record<string, (secret: string, before: string, after: string) => string> = {
  plain: (secret, before, after) => before + secret + after,
  'JSON in JSON': (secret, before, after) => JSON.stringify({ value: before + secret + after }),
  query: (secret, before, after) => new URLSearchParams({ value: before + secret + after }).toString(),
  'address component': (secret, before, after) => encodeURIComponent(before + secret + after),
  'every byte escaped': (secret) =>
    Buffer.from(secret).reduce((text, byte) => `${text}%${byte.toString(16).padStart(2, '0')}`, ''),
  hex: (secret, before, after) => Buffer.from(before + secret + after).toString('hex'),
  'upper-case hex': (secret, before) =>
    Buffer.from(before + secret)
      .toString('hex')
      .toUpperCase(),
  base64: (secret, before, after) => Buffer.from(before + secret + after).toString('base64'),
  base64url: (secret, before, after) => Buffer.from(before + secret + after).toString('base64url'),
  'basic authorization': (secret, before) => `Basic ${Buffer.from(`${before}:${secret}`).toString('base64')}`,
};

const secrets = fc
  .string({ minLength: 8, maxLength: 60, unit: 'grapheme' })
  .filter((text) => text.isWellFormed() && Buffer.byteLength(text) >= 8);
const around = fc.string({ maxLength: 20 });

describe('known values', () => {
  test.each(Object.entries(encoders))('are found however they are written: %s', (_, encode) => {
    const finds = fc.property(secrets, around, around, (secret, before, after) => {
      const matcher = new ValueMatcher();
      matcher.add(secret, 'secret x');
      const text = encode(secret, before, after);
      const clean = replaceFound(text, matcher.find(text));
      expect(clean).toContain('[redacted: secret x]');
      expect(matcher.find(clean.replaceAll('[redacted: secret x]', ' '))).toEqual([]);
    });
    fc.assert(finds, { numRuns: 300 });
  });

  test('each of many is found where it stands, and nothing else', () => {
    const matcher = new ValueMatcher();
    const values = Array.from({ length: 300 }, (_, n) => `${randomBytes(12).toString('base64url')}-${n}`);
    for (const value of values) matcher.add(value, value);
    const text = values.map((value, n) => `${n}. ${value} and `).join('');
    const found = matcher.find(text);
    expect(found.map(({ label }) => label)).toEqual(values);
    expect(found.every(({ start, end, label }) => text.slice(start, end) === label)).toBe(true);
    expect(matcher.find('no such thing here, '.repeat(500))).toEqual([]);
  });

  test('a key file is also known by each of its lines', () => {
    const matcher = new ValueMatcher();
    const lines = Array.from({ length: 5 }, () => randomBytes(48).toString('base64'));
    matcher.add(`-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----`, 'key');
    expect(replaceFound(`line 3: ${lines[2]}.`, matcher.find(`line 3: ${lines[2]}.`))).toBe(
      'line 3: [redacted: key].',
    );
  });

  test('values too short to be told from words are not taken', () => {
    const matcher = new ValueMatcher();
    matcher.add('hello', 'x');
    expect(matcher.isEmpty).toBe(true);
  });
});

/** One of each kind that the rules know, as the services make them. */
const shaped: Record<string, string> = {
  github: `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`,
  'github fine-grained': `github_pat_${'a1B2c3D4e5'.repeat(9).slice(0, 82)}`,
  gitlab: 'glpat-a1B2c3D4e5F6g7H8i9J0',
  slack: 'xoxb-123456789012-123456789012-abcdefghijklmnopqrstuvwx',
  'slack hook': 'https://hooks.slack.com/services/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',
  anthropic: `sk-ant-api03-${'a1B2c3D4e5'.repeat(10).slice(0, 93)}AA`,
  openai: `sk-${'a1B2c3D4e5'.repeat(2)}T3BlbkFJ${'a1B2c3D4e5'.repeat(2)}`,
  groq: `gsk_${'a1B2c3D4e5'.repeat(6).slice(0, 52)}`,
  stripe: `sk_live_${'a1B2c3D4e5'.repeat(3)}`,
  npm: `npm_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`,
  'npm configuration': `//registry.example.org/:_authToken=${'a1b2c3d4'.repeat(4)}`,
  sendgrid: `SG.${'a1B2c3D4e5F6'.repeat(2).slice(0, 22)}.${'a1B2c3D4e5'.repeat(5).slice(0, 43)}`,
  shopify: `shpat_${'a1b2c3d4'.repeat(4)}`,
  'hugging face': `hf_${'abcdefghij'.repeat(4).slice(0, 34)}`,
  vault: `hvs.${'a1B2c3D4e5'.repeat(10).slice(0, 95)}`,
  docker: `dckr_pat_${'a1B2c3D4e5'.repeat(3).slice(0, 27)}`,
  databricks: `dapi${'a1b2c3d4'.repeat(4)}`,
  database: 'postgres://app:correct-horse@db.internal.example.org:5432/app',
  'basic authorization in an address': 'https://bob:correct-horse@www.example.org/x',
  'aws secret': 'AWS_SECRET_ACCESS_KEY=wJalrXUtnF/K7MDENG+bPxRfiCYa1B2c3D4e5F6g',
  'private key': `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(20)}\n-----END RSA PRIVATE KEY-----`,
  'private key, cut off': `-----BEGIN PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(20)}`,
  batuta: `btk_${'a1B2c3D4e5'.repeat(5).slice(0, 43)}`,
  google: `AIza${'a1B2c3D4e5'.repeat(4).slice(0, 35)}`,
};

/** What is no secret and must stay. */
const harmless = [
  'Secrets are kept by basic understanding of tokens; the bearer announcement came at https://example.org/a?b=c#d.',
  '018f6c1e-7b3a-7c1d-9e2f-123456789abc run_06aqn3zk5s7d1v2w8x9y0z1a2b',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
  'Call task-force at ext. 4711, room 12-34, version 10.2.3 of 2026-11-21T10:00:00.000Z; 3.14159265358979',
  'const token = await getToken(); const key = keys["api_key"]; password: ********',
  'Der Schlüssel liegt unter der Fußmatte. La contraseña no está aquí. パスワードは秘密です。',
  'mailto:someone@example.org ssh git@github.com:org/repository.git user@host:~$',
];

describe('secrets known by their shape', () => {
  const rules = makeSecretlintRules((error) => expect.unreachable(String(error)));

  async function redact(text: string): Promise<string> {
    const ruled = mayHoldSecret(text) ? await rules.find(text) : [];
    return replaceFound(text, [...ruled, ...findCertainShapes(text)]);
  }

  test.each(Object.entries(shaped))('%s is taken out, wherever it stands', async (_, secret) => {
    for (const text of [secret, `The value is "${secret}".`, `secretlint-disable\nvalue=${secret}\nnext`]) {
      const clean = await redact(text);
      expect(clean).toContain('[redacted: ');
      const body = secret
        .split(/[\s/:@]+/)
        .reduce((a, b) => (b.length > a.length ? b : a))
        .slice(-12);
      expect(clean).not.toContain(body);
    }
  });

  test.each(harmless)('nothing is taken out of: %s', async (text) => {
    expect(await redact(text)).toBe(text);
  });

  test('the rules are not even asked about ordinary texts', () => {
    expect(harmless.slice(0, 6).filter(mayHoldSecret)).toEqual([]);
    expect(
      Object.values(shaped).filter((text) => !mayHoldSecret(text) && findCertainShapes(text).length === 0),
    ).toEqual([]);
  });

  test('the rules leave nothing behind in the process', async () => {
    performance.clearMarks();
    for (const text of Object.values(shaped)) await redact(text);
    expect(performance.getEntriesByType('mark')).toEqual([]);
  });

  test('logs lose what merely looks like a secret, too', () => {
    const line =
      'GET /x?api_key=abc123 Authorization: Bearer abcdefgh.12345 redis://u:pass@host sk-proj-abcdefghijkl';
    const clean = replaceFound(line, findLikelyShapes(line));
    expect(clean).toBe(
      'GET /x?api_key=[redacted: token] Authorization: Bearer [redacted: credential] redis://u:[redacted: password]@host [redacted: API key]',
    );
  });
});

describe('personal data', () => {
  test.each([
    ['Write to ana.maria+x@mail.example.com.', 'Write to [redacted: e-mail address].'],
    [
      'Call +49 (170) 123-4567 or 0044 20 7946 0958',
      'Call [redacted: phone number] or [redacted: phone number]',
    ],
    [
      'Card 4111 1111 1111 1111, not 4111 1111 1111 1112',
      'Card [redacted: card number], not 4111 1111 1111 1112',
    ],
    [
      'IBAN DE89 3704 0044 0532 0130 00, not DE88370400440532013000',
      'IBAN [redacted: IBAN], not DE88370400440532013000',
    ],
    ['from 192.0.2.17:443', 'from [redacted: IP address]:443'],
  ])('%s', (text, clean) => {
    expect(replaceFound(text, findPersonalData(text, personalDataKinds))).toBe(clean);
  });

  test('is not seen in identifiers, hashes, times and versions', () => {
    const calm = [...harmless.slice(0, 6), 'order 20261121100000123, +1, 00 12, v1.2.3.4.5, 4111-aaaa'];
    expect(calm.flatMap((text) => findPersonalData(text, personalDataKinds))).toEqual([]);
  });
});
