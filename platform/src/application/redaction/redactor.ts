import { setImmediate } from 'node:timers/promises';
import type { PersonalDataKind } from '@batuta/contract';
import { findPersonalData } from '../../domain/redaction/personal-data.ts';
import { replaceFound } from '../../domain/redaction/replace-found.ts';
import { findCertainShapes, findLikelyShapes, mayHoldSecret } from '../../domain/redaction/secret-shapes.ts';
import { ValueMatcher, type FoundValue } from '../../domain/redaction/value-matcher.ts';
import type { SecretRules } from '../../port/secret-rules.ts';

/** Larger texts are searched in parts, so that none keeps the process busy for long; parts overlap by more than any secret is long. */
const partLength = 512 * 1024;
const overlap = 64 * 1024;
/** Slots of the table for the values of all tenants together. */
const largeTable = 1 << 16;

/**
 * Takes secrets out of texts on their way out: to logs, errors, models, exports. It knows values (those of the configuration and of
 * the tenants' secrets that this process has seen) in many encodings, and shapes.
 *
 * Values of one tenant are not looked for in what another one reads: what was taken out would tell that somebody has that secret.
 */
export class Redactor {
  readonly #rules: SecretRules;
  readonly #platform = new ValueMatcher();
  readonly #tenants = new Map<string, ValueMatcher>();
  readonly #all = new ValueMatcher(largeTable);
  readonly #personal: readonly PersonalDataKind[];

  constructor(rules: SecretRules, personal: readonly PersonalDataKind[] = []) {
    this.#rules = rules;
    this.#personal = personal;
  }

  /** A value of the configuration. */
  knowPlatformValue(value: string, name: string): void {
    this.#platform.add(value, `secret ${name}`);
    this.#all.add(value, `secret ${name}`);
  }

  /** A secret of a tenant. It stays known when it is changed or deleted: it may still stand somewhere. */
  knowTenantValue(tenantId: string, value: string, name: string): void {
    const known = this.#tenants.get(tenantId) ?? new ValueMatcher();
    this.#tenants.set(tenantId, known);
    known.add(value, `secret ${name}`);
    this.#all.add(value, `secret ${name}`);
  }

  /** A text for operators: logs, telemetry, errors whose reader may be anybody. Everything that looks like a secret goes. */
  line(text: string): string {
    const found = [
      ...this.#all.find(text),
      ...findLikelyShapes(text),
      ...findPersonalData(text, this.#personal),
    ];
    return replaceFound(text, found);
  }

  /** The text of an error that people of a tenant read, or anybody (null). */
  error(text: string, tenantId: string | null): string {
    const known = tenantId === null ? [] : (this.#tenants.get(tenantId)?.find(text) ?? []);
    return replaceFound(text, [...this.#platform.find(text), ...known, ...findLikelyShapes(text)]);
  }

  /** A text that a tenant's model or people read as content: secrets go, anything else stays as it is. */
  async content(text: string, tenantId: string): Promise<string> {
    if (text.length <= partLength) return replaceFound(text, await this.#find(text, tenantId));
    const found: FoundValue[] = [];
    for (let from = 0; from < text.length; from += partLength) {
      const start = Math.max(0, from - overlap);
      const part = await this.#find(text.slice(start, from + partLength), tenantId);
      found.push(...part.map((each) => ({ ...each, start: each.start + start, end: each.end + start })));
      await setImmediate();
    }
    return replaceFound(text, found);
  }

  /** A text that leaves the platform in an export: content without secrets, and without the kinds of personal data that the configuration or the tenant names. */
  async exported(
    text: string,
    { tenantId, personal }: { tenantId: string; personal: readonly PersonalDataKind[] },
  ): Promise<string> {
    const clean = await this.content(text, tenantId);
    const kinds = [...new Set([...this.#personal, ...personal])];
    return replaceFound(clean, findPersonalData(clean, kinds));
  }

  async #find(text: string, tenantId: string): Promise<FoundValue[]> {
    const known = this.#platform.find(text).concat(this.#tenants.get(tenantId)?.find(text) ?? []);
    const shapes = findCertainShapes(text);
    const ruled = mayHoldSecret(text) ? await this.#rules.find(text) : [];
    return [...known, ...shapes, ...ruled];
  }
}
