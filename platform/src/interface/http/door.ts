import type { Application } from '../../application/application.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { OpenSockets } from '../socket/open-sockets.ts';
import type { HttpSettings } from './http-settings.ts';
import type { OpenStreams } from './stream/open-streams.ts';

/** What every endpoint can use. */
export interface Door {
  application: Application;
  settings: HttpSettings;
  log: Log;
  clock: Clock;
  streams: OpenStreams;
  sockets: OpenSockets;
  /** Whether an address is a proxy whose word about its client is believed. */
  isProxy: (address: string) => boolean;
  /** Aborts when the server is told to stop. */
  stopping: AbortSignal;
}
