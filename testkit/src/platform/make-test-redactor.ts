import { makeSecretlintRules, Redactor } from '@batuta/platform/composition';

/** Takes secrets out of what tools answer, as in production; rules that fail fail the test that runs into it. */
export function makeTestRedactor(): Redactor {
  return new Redactor(
    makeSecretlintRules((error) => {
      throw error;
    }),
  );
}
