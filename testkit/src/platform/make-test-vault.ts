import { makeSecretlintRules, Redactor, SecretVault } from '@batuta/platform/composition';
import type { OpenDatabase } from '@batuta/platform/database';
import type { Clock, Log } from '@batuta/platform/ports';

/** Takes secrets out of what tools answer, as in production; rules that fail fail the test that runs into it. */
export function makeTestRedactor(): Redactor {
  return new Redactor(
    makeSecretlintRules((error) => {
      throw error;
    }),
  );
}

/** Secrets under a key that the test has in memory, and what takes them out of texts. */
export function makeTestVault(
  { secrets, audits }: Pick<OpenDatabase, 'secrets' | 'audits'>,
  surroundings: { clock: Clock; log: Log },
  keys: readonly string[] = [Buffer.alloc(32, 7).toString('base64')],
): { redactor: Redactor; vault: SecretVault } {
  const redactor = makeTestRedactor();
  let kept = keys;
  const source = {
    how: 'change the test',
    load: async () => [...kept],
    store: async (stored: readonly string[]) => void (kept = stored),
  };
  const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
  const vault = new SecretVault({ secrets, audits, keys: source, redactor, randomBytes, ...surroundings });
  return { redactor, vault };
}
