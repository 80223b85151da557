import type {
  AcceptedRunBody,
  ChangeSchedule,
  CreateSchedule,
  Schedule,
  SchedulePreview,
} from '@batuta/contract';
import type { Identity } from '../access/identity.ts';
import type { Page, PageRequest } from '../application.ts';

/** What doors may do about schedules. */
export interface ScheduleDoor {
  /** Errors: `agent-unknown`, `session-unknown`, `session-agent-conflict`, `request-invalid`, `schedule-limit-reached`. */
  create(identity: Identity, body: CreateSchedule): Promise<Schedule>;
  /** Errors of this and those that follow: `schedule-unknown`. */
  get(identity: Identity, id: string): Promise<Schedule>;
  list(identity: Identity, page: PageRequest): Promise<Page<Schedule>>;
  change(identity: Identity, id: string, body: ChangeSchedule): Promise<Schedule>;
  delete(identity: Identity, id: string): Promise<void>;
  /** Starts a run now, besides the times. */
  run(identity: Identity, id: string, idempotencyKey?: string): Promise<AcceptedRunBody>;
  /** Errors: `request-invalid`. */
  preview(asked: { cron: string; time_zone: string; count: number }): SchedulePreview;
}
