/** Time as the emulator needs it: a monotonic clock in milliseconds and a timer. */
export interface EmulatorClock {
  now(): number;
  /** Contract: calls back once, never at once, unless the returned function is called before. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The machine's own time. Node keeps timers of one duration in one list, so thousands of slow streams cost one timer. */
export const machineClock: EmulatorClock = {
  now: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
