/** A process that takes permits when it is told: `taker-process.ts <address of the database> <limit>`. */
import { openDatabase } from '@batuta/platform/database';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { PermitDesk } from '../../src/application/limit/permit-desk.ts';
import { makeBucket } from './limit-kit.ts';

const [, , url = '', limit = ''] = process.argv;
const stores = await openDatabase({ url });
const desk = new PermitDesk({ limiter: stores.rateLimiter, clock: systemClock });
const counter = desk.counter([makeBucket(Number(limit))]);

async function takeMany(takers: number, each: number): Promise<number> {
  let passed = 0;
  const taker = async () => {
    for (let turn = 0; turn < each; turn += 1) if ((await counter.take()) === null) passed += 1;
  };
  await Promise.all(Array.from({ length: takers }, taker));
  return passed;
}

process.on('message', ({ takers, each }: { takers: number; each: number }) => {
  void takeMany(takers, each).then((passed) => process.send?.({ passed }));
});
process.send?.({ ready: true });
