import type {
  AcceptedRunBody,
  ChangeSchedule,
  CreateScheduleInput,
  PageInput,
  PreviewSchedule,
  Schedule,
  SchedulePage,
  SchedulePreview,
} from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about schedules: times at which runs are started. */
export class ScheduleCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Adds a schedule. */
  create(schedule: CreateScheduleInput, options: CallOptions = {}): Promise<Schedule> {
    return this.#transport.send({ method: 'POST', path: '/v1/schedules', body: schedule, ...options });
  }

  /** One page of schedules, newest first. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<SchedulePage> {
    const query = pageQuery(page);
    return this.#transport.send({ path: '/v1/schedules', query, isRepeatable: true, ...options });
  }

  /** A schedule. */
  get(id: string, options: CallOptions = {}): Promise<Schedule> {
    return this.#transport.send({ path: schedulePath(id), isRepeatable: true, ...options });
  }

  /** Changes a schedule. From then on its runs are started in the name of the one who changed it. */
  change(id: string, change: ChangeSchedule, options: CallOptions = {}): Promise<Schedule> {
    return this.#transport.send({ method: 'PATCH', path: schedulePath(id), body: change, ...options });
  }

  /** Deletes a schedule. Its runs stay. */
  delete(id: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: schedulePath(id), ...options });
  }

  /** Starts a run of a schedule now, besides its times. */
  run(id: string, options: CallOptions = {}): Promise<AcceptedRunBody> {
    return this.#transport.send({ method: 'POST', path: `${schedulePath(id)}/run`, ...options });
  }

  /** The next times of a cron expression in a time zone. */
  preview(asked: PreviewSchedule, options: CallOptions = {}): Promise<SchedulePreview> {
    const { cron, time_zone, count } = asked;
    const query = { cron, time_zone, count: count === undefined ? undefined : Number(count) };
    return this.#transport.send({ path: '/v1/schedules/preview', query, isRepeatable: true, ...options });
  }
}

function schedulePath(id: string): string {
  return `/v1/schedules/${encodeURIComponent(id)}`;
}
