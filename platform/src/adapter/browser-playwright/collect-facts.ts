import type { JsonValue } from '@batuta/contract';
import type { Locator } from 'playwright-core';
import { z } from 'zod';
import { readFields, readItems, readTables, readTerms } from './facts-in-page.ts';

const rowsSchema = z.array(z.record(z.string(), z.string().max(4_000))).max(5_000);
const groupsSchema = z.array(rowsSchema).max(200);

/** Everything in an element that has a name and a value. What the page's own scripts could have made of it is checked for its form. */
export async function collectFacts(
  root: Locator,
  clean: (text: string) => string,
): Promise<readonly JsonValue[]> {
  const [tables, terms, fields, items] = await Promise.all([
    root.evaluate(readTables),
    root.evaluate(readTerms),
    root.evaluate(readFields),
    root.evaluate(readItems),
  ]);
  const groupsOf = (kind: string, found: unknown): JsonValue[] =>
    (groupsSchema.safeParse(found).data ?? []).map((rows) => ({
      kind,
      rows: rows.map((row) => cleaned(row, clean)),
    }));
  return [
    ...groupsOf('table', tables),
    ...groupsOf('terms', terms),
    ...groupsOf('fields', fields),
    ...groupsOf('items', items),
  ];
}

function cleaned(row: Record<string, string>, clean: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [clean(name), clean(value)]));
}
