import type { Cover } from '../../domain/budget/cover-run.ts';
import type { WorstCase } from '../../domain/budget/worst-case.ts';
import type { Ids } from '../../port/ids.ts';
import type { AccountCharge, NewReservation } from '../../port/run-record.ts';
import type { MoneyContext } from './money-context.ts';

interface ReservationContext {
  ids: Ids;
  money: Pick<MoneyContext, 'slices'>;
}

/** For which call, on whose accounts. */
export interface ReservationTask {
  tenantId: string;
  /** Which slices of busy accounts are charged. */
  place: number;
  covers: readonly Cover[];
  worst: WorstCase;
}

/** Money for one model call, charged to every account that covers it. `mustCount`: accounts that must be counted before. */
export function makeReservation(
  { ids, money }: ReservationContext,
  { tenantId, place, covers, worst }: ReservationTask,
): { reservation: NewReservation; mustCount: boolean } {
  const id = ids.create('reservation');
  const { micros, model } = worst;
  let mustCount = false;
  const charges = covers.map(({ account, strictest }): AccountCharge => {
    const limit = strictest?.limitMicros ?? null;
    const choice = money.slices.choose(tenantId, { account, limit, place });
    mustCount ||= choice.mustCount;
    return { account, slice: choice.slice, spent: 0, reserved: micros, limit };
  });
  const places = charges.map(({ account, slice }) => ({ account, slice }));
  const event = {
    kind: 'cost-reserved',
    data: { reservation_id: id, model, micros, charges: places },
  } as const;
  const entry = { reservationId: id, kind: 'reserve', model, micros } as const;
  return { reservation: { event, entry, charges }, mustCount };
}
