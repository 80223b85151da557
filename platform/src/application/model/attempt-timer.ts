import type { Clock } from '../../port/clock.ts';

/** How long one try may take, in milliseconds. */
export interface AttemptTimes {
  firstTokenMs: number;
  betweenTokensMs: number;
  callMs: number;
}

/** Watches one try of a model. */
export interface AttemptTimer {
  /** A piece of the answer arrived. */
  touch(): void;
  /** The try is over: nothing expires any more. */
  stop(): void;
}

interface Due {
  at: number;
  reason: string;
}

/**
 * Calls `expire` with a reason, once, when a try takes too long: for its first piece, between two, or as a whole. One timer a
 * try, not one a token: it sleeps until the earliest time at which anything could be due and then looks again.
 */
export function startAttemptTimer(
  clock: Clock,
  times: AttemptTimes,
  expire: (reason: string) => void,
): AttemptTimer {
  const startedAt = clock.monotonic();
  let touchedAt: number | undefined;
  let stop: (() => void) | undefined;
  let isStopped = false;
  const watch = (): void => {
    if (isStopped) return;
    const due = earliest(times, startedAt, touchedAt);
    const left = due.at - clock.monotonic();
    if (left <= 0) expire(due.reason);
    else stop = clock.after(left, watch);
  };
  watch();
  return {
    touch() {
      touchedAt = clock.monotonic();
    },
    stop() {
      isStopped = true;
      stop?.();
    },
  };
}

function earliest(times: AttemptTimes, startedAt: number, touchedAt: number | undefined): Due {
  const whole = { at: startedAt + times.callMs, reason: `no complete answer within ${times.callMs} ms` };
  const piece =
    touchedAt === undefined
      ? { at: startedAt + times.firstTokenMs, reason: `no answer within ${times.firstTokenMs} ms` }
      : { at: touchedAt + times.betweenTokensMs, reason: `no further text for ${times.betweenTokensMs} ms` };
  return piece.at < whole.at ? piece : whole;
}
