import type { WindowState } from '../../port/browser.ts';

/** Whose window it is. */
export interface WindowPlace {
  tenantId: string;
  sessionId: string;
}

/** What outlasts a window. Versions grow with each state that is written. */
export interface WindowStates {
  /** 0 when there is none. */
  version(place: WindowPlace): Promise<number>;
  read(place: WindowPlace): Promise<{ state: WindowState; version: number } | undefined>;
  /** Writes a state that follows the given version; gives the version that it has now. */
  write(place: WindowPlace, next: { state: WindowState; version: number }): Promise<number>;
}
