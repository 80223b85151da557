import type { SecretLintCoreConfig } from '@secretlint/types';
import type { SecretFinding, SecretRules } from '../../port/secret-rules.ts';

/** A comment `secretlint-disable` must not switch the rules off: texts come from outside. */
const leftOut = '@secretlint/secretlint-rule-filter-comments';

interface Loaded {
  lint: typeof import('@secretlint/core').lintSource;
  config: SecretLintCoreConfig;
}

/** The recommended rules of secretlint: loaded with the first text that may hold a secret, in about 70 ms. */
export function makeSecretlintRules(onFailure: (error: unknown) => void): SecretRules {
  let loading: Promise<Loaded> | undefined;
  return {
    async find(text) {
      try {
        loading ??= load();
        return await findIn(await loading, text);
      } catch (error) {
        onFailure(error);
        return [];
      }
    },
  };
}

async function load(): Promise<Loaded> {
  const [{ secretLintProfiler }, { lintSource }, { rules }] = await Promise.all([
    import('@secretlint/profiler'),
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  // It would keep some entries of each text for ever.
  secretLintProfiler.setEnabled(false);
  const used = rules.filter((rule) => rule.meta.id !== leftOut);
  return { lint: lintSource, config: { rules: used.map((rule) => ({ id: rule.meta.id, rule })) } };
}

async function findIn({ lint, config }: Loaded, text: string): Promise<SecretFinding[]> {
  const source = { filePath: '/text', content: text, ext: '', contentType: 'text' as const };
  const { messages } = await lint({ source, options: { config, noPhysicFilePath: true } });
  return messages.map(({ range: [start, end], messageId, ruleId }) => ({
    start,
    end: endOfToken(text, end),
    label: labelOf(messageId, ruleId),
  }));
}

/** Some rules tell a range that ends inside of the secret: it goes on as long as its characters do. */
function endOfToken(text: string, end: number): number {
  const token = /[\w/+=-]*/y;
  token.lastIndex = end;
  return end + (token.exec(text)?.[0].length ?? 0);
}

/** Rules whose messages have no name that people would understand. */
const names: Readonly<Record<string, string>> = {
  aws: 'AWS secret access key',
  basicauth: 'password in an address',
  'database-connection-string': 'database address with a password',
};

/** `GITHUB_TOKEN` is "github token"; a name that does not say whose it is gets that of its rule before it. */
function labelOf(messageId: string, ruleId: string): string {
  const rule = ruleId.replace(/^.*secretlint-rule-/, '');
  const words = messageId
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[_-]+/g, ' ');
  return names[rule] ?? (words.replaceAll(' ', '').includes(rule) ? words : `${rule} ${words}`);
}
