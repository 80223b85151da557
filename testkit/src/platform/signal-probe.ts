import type { Probe, ProbeDetail, ProbePoint } from '@batuta/platform/ports';

/** Which arrivals at a point are meant. */
export type ArrivalFilter = (detail: ProbeDetail) => boolean;

interface Waiter {
  point: ProbePoint;
  filter: ArrivalFilter;
  arrive: (detail: ProbeDetail) => void;
}

/** What a held run does when it is let go. */
export interface Hold {
  /** Ends when the run has arrived. */
  arrived: Promise<ProbeDetail>;
  /** Lets it go on. */
  release(): void;
}

const any: ArrivalFilter = () => true;

/**
 * Named signals of the engine for tests: wait until a run passes a point, or hold it there. Nothing in a test needs to sleep.
 */
export class SignalProbe implements Probe {
  /** Every point passed so far, in order. */
  readonly passed: { point: ProbePoint; detail: ProbeDetail }[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #holds = new Set<{
    point: ProbePoint;
    filter: ArrivalFilter;
    enter: (detail: ProbeDetail) => Promise<void>;
  }>();

  reach(point: ProbePoint, detail: ProbeDetail): Promise<void> | undefined {
    this.passed.push({ point, detail });
    for (const waiter of this.#waiters) {
      if (waiter.point === point && waiter.filter(detail)) waiter.arrive(detail);
    }
    const hold = [...this.#holds].find((each) => each.point === point && each.filter(detail));
    return hold?.enter(detail);
  }

  /** Ends the next time that a run passes the point, or at once when one has. */
  async reached(point: ProbePoint, filter: ArrivalFilter = any): Promise<ProbeDetail> {
    const before = this.passed.find((each) => each.point === point && filter(each.detail));
    if (before) return before.detail;
    return this.next(point, filter);
  }

  /** Ends the next time that a run passes the point, whatever passed before. */
  next(point: ProbePoint, filter: ArrivalFilter = any): Promise<ProbeDetail> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        point,
        filter,
        arrive: (detail) => {
          this.#waiters.delete(waiter);
          resolve(detail);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** Stops the next run that comes to the point until it is released. */
  hold(point: ProbePoint, filter: ArrivalFilter = any): Hold {
    const arrival = Promise.withResolvers<ProbeDetail>();
    const gate = Promise.withResolvers<void>();
    const hold = {
      point,
      filter,
      enter: (detail: ProbeDetail) => {
        this.#holds.delete(hold);
        arrival.resolve(detail);
        return gate.promise;
      },
    };
    this.#holds.add(hold);
    return { arrived: arrival.promise, release: () => gate.resolve() };
  }
}
