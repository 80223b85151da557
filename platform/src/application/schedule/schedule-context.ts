import type { AccessStore } from '../../port/access-store.ts';
import type { Clock } from '../../port/clock.ts';
import type { CronCalendar } from '../../port/cron-calendar.ts';
import type { Ids } from '../../port/ids.ts';
import type { JobQueue } from '../../port/job-queue.ts';
import type { Log } from '../../port/log.ts';
import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { Probe } from '../../port/probe.ts';
import type { RunStore } from '../../port/run-store.ts';
import type { ScheduleStore } from '../../port/schedule-store.ts';
import type { SessionStore } from '../../port/session-store.ts';
import type { Application } from '../application.ts';

/** What the use cases of schedules are made of. */
export interface ScheduleContext {
  schedules: ScheduleStore;
  /** Tells what the owners of schedules are now. */
  owners: Pick<AccessStore, 'owners'>;
  calendar: CronCalendar;
  runs: RunStore;
  sessions: SessionStore;
  agents: AgentCatalogue;
  jobs: JobQueue | null;
  clock: Clock;
  ids: Ids;
  log: Log;
  probe: Probe;
  /** Starts a run as a door does. */
  acceptor: Pick<Application['runs'], 'accept'>;
}
