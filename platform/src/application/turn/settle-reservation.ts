import type { Usage } from '@batuta/contract';
import type { Ids } from '../../port/ids.ts';
import type { ReservationState } from '../../domain/run/state.ts';
import type { AccountCharge, LedgerEntry } from '../../port/run-record.ts';
import type { ModelCallOutcome } from '../model/call-model.ts';
import type { HeldRun } from './held-run.ts';

/** How a reservation ends. */
export type Settlement =
  | { kind: 'settle'; micros: number; model: string; usage: Usage }
  /** Nobody knows what the call cost: all that was reserved counts as spent. */
  | { kind: 'lost' }
  /** Nothing was sent, or it is certain that it costs nothing. */
  | { kind: 'release' };

/** Stages the end of the run's open reservation: the event, the ledger's entry, what its accounts hold. Does nothing without one. */
export function settleReservation(
  held: HeldRun,
  settlement: Settlement,
  reservation: ReservationState | null = held.journal.run.reservation,
): void {
  const { journal, money } = held;
  money.mayBeSpent = false;
  if (!reservation) return;
  const { id, micros: reserved } = reservation;
  const micros = costOf(settlement, reserved);
  const flag = settlement.kind === 'lost' ? 'lost' : settlement.kind === 'release' ? 'released' : undefined;
  journal.stage({
    kind: 'cost-settled',
    data: { reservation_id: id, micros, ...(flag ? { flag } : {}) },
  });
  const model = settlement.kind === 'settle' ? settlement.model : reservation.model;
  const usage = settlement.kind === 'settle' ? settlement.usage : undefined;
  const entry: LedgerEntry = { reservationId: id, kind: settlement.kind, model, micros, usage };
  journal.stageRows({ ledger: [entry], charges: closingCharges(reservation, micros) });
  for (const { account } of reservation.charges) {
    const known = money.accounts.get(account);
    if (known)
      money.accounts.set(account, {
        account,
        spent: known.spent + micros,
        reserved: known.reserved - reserved,
      });
  }
}

/** Stages what an answered call cost: the end of its reservation, or a settlement alone where no budget covers it. */
export function settleCall(
  { ids }: { ids: Ids },
  held: HeldRun,
  { model, costMicros, answer: { usage } }: Pick<ModelCallOutcome, 'model' | 'costMicros' | 'answer'>,
): void {
  const micros = costMicros ?? 0;
  if (held.journal.run.reservation) return settleReservation(held, { kind: 'settle', micros, model, usage });
  const reservationId = ids.create('reservation');
  held.journal.stageRows({ ledger: [{ reservationId, kind: 'settle', model, micros, usage }] });
}

/** Closes what is open when the run goes out of hand or takes another way: lost where a request was sent. */
export function closeReservation(held: HeldRun): void {
  settleReservation(held, { kind: held.money.mayBeSpent ? 'lost' : 'release' });
}

function costOf(settlement: Settlement, reserved: number): number {
  if (settlement.kind === 'settle') return settlement.micros;
  return settlement.kind === 'lost' ? reserved : 0;
}

/** What a call cost more than was reserved is charged to the account itself: a slice never holds more than it was lent. */
function closingCharges(reservation: ReservationState, micros: number): AccountCharge[] {
  const { charges, micros: reserved } = reservation;
  return charges.flatMap(({ account, slice }) => {
    const within = slice === 0 ? micros : Math.min(micros, reserved);
    const closing = { account, slice, spent: within, reserved: -reserved, limit: null };
    if (within === micros) return [closing];
    return [closing, { account, slice: 0, spent: micros - within, reserved: 0, limit: null }];
  });
}
