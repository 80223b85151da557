import { performance } from 'node:perf_hooks';

/** What tells how busy a process is, and what collects its garbage. */
export interface IdleProcess {
  /** Null where the collector is not exposed: then nothing is done. */
  collect: (() => void) | null;
  /** Share of the time since the last question in which the event loop worked, from 0 to 1. */
  busyShare: () => number;
  /** Calls back again and again until the answer is called; does not keep the process alive. */
  everySecond: (look: () => void) => () => void;
}

/** A loop that works less than this waits for somebody. */
const idleShare = 0.1;

/** A server that is busy from its start on has better things to do; its garbage goes with the usual collections. */
const mostLooks = 120;

/**
 * Gives back what a start has left behind, once, as soon as the process has had nothing to do for a second: sources and code that ran once are
 * a fifth of its memory, and V8 would keep them until something else fills the heap. A collection stops the process for about a
 * tenth of a second, so it must not meet a request. See bench/README.md for the figures.
 */
export function collectOnceIdle({ collect, busyShare, everySecond }: IdleProcess): void {
  if (collect === null) return;
  let looks = 0;
  busyShare();
  const stop = everySecond(() => {
    looks += 1;
    const isIdle = busyShare() < idleShare;
    if (isIdle || looks >= mostLooks) stop();
    if (isIdle) collect();
  });
}

/** This process. The collector is there when Node was started with `--expose-gc`. */
export function thisProcess(): IdleProcess {
  const { gc } = globalThis;
  let last = performance.eventLoopUtilization();
  return {
    collect: gc ? () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }) : null,
    busyShare: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      return utilization;
    },
    everySecond: (look) => {
      const timer = setInterval(look, 1_000).unref();
      return () => clearInterval(timer);
    },
  };
}
