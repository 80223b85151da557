/** CPU that taking secrets out of a result of a tool costs, and recording a request: `node bench/redaction.ts`. */
import { randomBytes } from 'node:crypto';
import { makeSecretlintRules } from '../platform/src/adapter/secretlint/secretlint-rules.ts';
import { Redactor } from '../platform/src/application/redaction/redactor.ts';

const prose = 'The quick brown fox jumps over the lazy dog; see https://example.com/a/b?c=d for more. ';
const rows = Array.from({ length: 400 }, (_, n) => ({
  id: `018f6c1e-7b3a-7c1d-9e2f-${n}`,
  name: `Item ${n}`,
  hash: randomBytes(8).toString('hex'),
}));
const json = JSON.stringify(rows);
const token = ` token ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)} `;

const texts: Readonly<Record<string, string>> = {
  'prose, 1 kB': prose.repeat(20).slice(0, 1_024),
  'prose, 4 kB': prose.repeat(60).slice(0, 4_096),
  'JSON, 4 kB': json.slice(0, 4_096),
  'JSON, 16 kB': json.slice(0, 16_384),
  'JSON, 4 kB, with a token (rules run)': json.slice(0, 4_000) + token,
};

function makeRedactor(secrets: number): Redactor {
  const redactor = new Redactor(makeSecretlintRules((error) => console.error(error)));
  for (let n = 0; n < secrets; n += 1)
    redactor.knowTenantValue('a', randomBytes(24).toString('base64url'), `s${n}`);
  return redactor;
}

async function measure(redactor: Redactor, text: string): Promise<number> {
  const rounds = 2_000;
  for (let n = 0; n < rounds; n += 1) await redactor.content(text, 'a');
  const began = process.cpuUsage();
  for (let n = 0; n < rounds; n += 1) await redactor.content(text, 'a');
  const { user, system } = process.cpuUsage(began);
  return (user + system) / rounds;
}

console.log('text | CPU in microseconds with 0, 20 and 500 secrets');
for (const [name, text] of Object.entries(texts)) {
  const figures: string[] = [];
  for (const secrets of [0, 20, 500]) figures.push((await measure(makeRedactor(secrets), text)).toFixed(0));
  console.log(`${name} | ${figures.join(' | ')}`);
}
