import { makeLonelyBus } from '../adapter/bus-memory/memory-bus.ts';
import type { Bus } from '../port/bus.ts';

/** The bus that fits the database: nobody else can use an embedded one. */
export async function makeBus(): Promise<Bus> {
  return makeLonelyBus();
}
