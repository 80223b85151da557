import type { Migration } from '../../src/composition/open-database.ts';
import { readMigrations } from '../../src/adapter/sql/migration.ts';

/** How many migrations come with the program. */
export const ownCount = readMigrations().length;

/** The program's migrations and, as a later version would have them, `count` more that each make a table. */
export function withLater(count: number, change: Partial<Migration> = {}): Migration[] {
  const own = readMigrations();
  const later = Array.from({ length: count }, (_, index) => {
    const number = own.length + index + 1;
    return {
      number,
      name: `later-${number}`,
      additive: true,
      sql: `create table later_${number} ()`,
      ...change,
    };
  });
  return [...own, ...later];
}
