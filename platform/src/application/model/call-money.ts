/**
 * The money of one model call, as the tries of models see it. A reservation pays for one try that may be billed: after such a try has
 * failed, the next one needs another reservation. Nobody can ask a model without it, so no call is forgotten.
 */
export interface CallMoney {
  /** Whether there is money for a try. */
  readonly isCovered: boolean;
  /** Reserves again. False: there is no money, or the run was interrupted. */
  renew(): Promise<boolean>;
  /** A request is about to be sent. */
  sending(): void;
  /** The try that was sent has failed. `mayBeBilled`: nobody knows whether it costs anything. */
  failed(mayBeBilled: boolean): void;
}

/** For calls that no budget covers. */
export const unlimitedMoney: CallMoney = {
  isCovered: true,
  renew: () => Promise.resolve(true),
  sending: () => undefined,
  failed: () => undefined,
};
